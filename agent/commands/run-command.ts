/** Runs the command of a template in a process group of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { AppError, systemCode } from '../../core/errors.ts'
import type { ProgramConfig } from '../config/agent-config.ts'
import { toCommandLine } from './command-line.ts'

/** What a command may print in one run; the rest is dropped. */
const mostOutputBytes = 64 * 1024

/** A group that does not end when it is asked to is killed after this. */
const killAfterMs = 2000

/** How long the last of its output is waited for once it has ended. */
const drainMs = 500

export interface CommandPorts {
  /** The agent's environment and the store's address and certificates; never a token. */
  readonly environment: Readonly<Record<string, string>>
  readonly write: (bytes: Uint8Array) => void
  /** Aborted when the agent has to end. */
  readonly stop: AbortSignal
}

/** Undefined when it ended with 0. Errors: `command_failed` with what became of it; what it printed is never part of that. */
export async function runCommand(
  { words, timeoutMs }: ProgramConfig,
  ports: CommandPorts,
): Promise<AppError | undefined> {
  const line = toCommandLine(words)
  return new Promise((resolve) => {
    const child = spawn(line.program, [...line.words], {
      env: { ...ports.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    const ending = new Ending(child)
    const timer = setTimeout(() => ending.start('timeout'), timeoutMs)
    const onStop = () => ending.start('stopped')
    ports.stop.addEventListener('abort', onStop, { once: true })
    const finish = (error: AppError | undefined) => {
      clearTimeout(timer)
      ports.stop.removeEventListener('abort', onStop)
      ending.finish()
      resolve(error)
    }
    forwardOutput(child, ports.write)
    child.on('error', (thrown) => finish(startFailure(thrown)))
    child.on('exit', (code, signal) => {
      const error = ending.judge(code, signal)
      // What a command leaves in the background may hold its output open for ever.
      const drained = setTimeout(() => finish(error), drainMs)
      child.on('close', () => {
        clearTimeout(drained)
        finish(error)
      })
    })
  })
}

/** A command that is ended before it ends by itself. */
class Ending {
  readonly #child: ChildProcess
  #reason: 'timeout' | 'stopped' | undefined
  #killer: NodeJS.Timeout | undefined

  constructor(child: ChildProcess) {
    this.#child = child
  }

  start(reason: 'timeout' | 'stopped'): void {
    this.#reason = reason
    this.#signal('SIGTERM')
    this.#killer = setTimeout(() => this.#signal('SIGKILL'), killAfterMs)
  }

  finish(): void {
    clearTimeout(this.#killer)
    // Whatever the group left behind after it was told to end.
    if (this.#reason !== undefined) this.#signal('SIGKILL')
  }

  judge(code: number | null, signal: NodeJS.Signals | null): AppError | undefined {
    if (this.#reason === 'timeout') return new AppError('command_failed', { reason: 'timed out' })
    if (this.#reason === 'stopped')
      return new AppError('command_failed', { reason: 'the agent ends' })
    if (signal !== null) return new AppError('command_failed', { signal })
    return code === 0 ? undefined : new AppError('command_failed', { exit_code: code ?? -1 })
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child
    if (pid === undefined) return
    try {
      process.kill(-pid, signal)
    } catch (thrown) {
      if (systemCode(thrown) !== 'ESRCH') throw thrown
    }
  }
}

function forwardOutput({ stdout, stderr }: ChildProcess, write: CommandPorts['write']): void {
  let left = mostOutputBytes
  const forward = (chunk: Buffer) => {
    if (left > 0) write(chunk.subarray(0, left))
    left -= chunk.length
  }
  stdout?.on('data', forward)
  stderr?.on('data', forward)
}

function startFailure(thrown: Error): AppError {
  const cause = systemCode(thrown)
  const facts = typeof cause === 'string' ? { cause } : {}
  return new AppError(
    'command_failed',
    { reason: 'it cannot be started', ...facts },
    { cause: thrown },
  )
}
