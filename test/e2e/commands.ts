/** Runs a program to its end and hands back what it printed. */
import { spawn } from 'node:child_process'

export interface Command {
  readonly program: string
  readonly args: readonly string[]
  readonly directory?: string
  /** Added to this process's environment. */
  readonly environment?: Readonly<Record<string, string>>
  /** Written to the program's standard input. */
  readonly input?: string
  /** Shows the program's output as it comes, too. */
  readonly show?: boolean
  /** Ends the program, and what it has started, with SIGTERM. */
  readonly signal?: AbortSignal
}

export interface Finished {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** Resolves with any exit status; rejects when the program cannot be started or `signal` aborts. */
export async function tryCommand(command: Command): Promise<Finished> {
  command.signal?.throwIfAborted()
  return new Promise((resolve, reject) => {
    const child = spawn(command.program, [...command.args], {
      cwd: command.directory,
      env: { ...process.env, ...command.environment },
      // A process group of its own, so that one signal reaches whatever the program starts.
      detached: true,
    })
    const end = () => signalGroup(child.pid)
    command.signal?.addEventListener('abort', end)
    if (command.show) {
      child.stdout.pipe(process.stdout, { end: false })
      child.stderr.pipe(process.stderr, { end: false })
    }
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    child.stdin.on('error', () => undefined)
    child.stdin.end(command.input)
    child.once('error', reject)
    child.once('close', (code) => {
      command.signal?.removeEventListener('abort', end)
      if (command.signal?.aborted) reject(command.signal.reason)
      else resolve({ status: code ?? 1, stdout: text(stdout), stderr: text(stderr) })
    })
  })
}

/** The program's standard output; an exit status other than 0 is an error that quotes the end of its output. */
export async function runCommand(command: Command): Promise<string> {
  const { status, stdout, stderr } = await tryCommand(command)
  if (status === 0) return stdout
  const shown = [command.program, ...command.args].join(' ')
  throw new Error(`${shown}: exit status ${status}\n${`${stdout}${stderr}`.slice(-4000)}`)
}

function signalGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGTERM')
  } catch {
    // It has ended already.
  }
}

function text(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('utf8')
}
