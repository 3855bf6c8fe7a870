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
  /** Ends the program with SIGTERM. */
  readonly signal?: AbortSignal
}

export interface Finished {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** Resolves with any exit status; rejects when the program cannot be started or `signal` aborts. */
export function tryCommand(command: Command): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(command.program, [...command.args], {
      cwd: command.directory,
      env: { ...process.env, ...command.environment },
      signal: command.signal,
    })
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
    child.once('close', (code) =>
      resolve({ status: code ?? 1, stdout: text(stdout), stderr: text(stderr) }),
    )
  })
}

/** The program's standard output; an exit status other than 0 is an error that quotes the end of its output. */
export async function runCommand(command: Command): Promise<string> {
  const { status, stdout, stderr } = await tryCommand(command)
  if (status === 0) return stdout
  const shown = [command.program, ...command.args].join(' ')
  throw new Error(`${shown}: exit status ${status}\n${`${stdout}${stderr}`.slice(-4000)}`)
}

function text(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('utf8')
}
