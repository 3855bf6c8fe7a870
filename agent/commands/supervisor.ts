/** Process supervisor mode: one child process that has the secrets in its environment. Source: Vault Agent's exec server. */
import { type ChildProcess, spawn } from 'node:child_process'
import { AppError, systemCode } from '../../core/errors.ts'
import type { ExecConfig } from '../config/agent-config.ts'
import { sha256 } from '../step/hash.ts'
import { toCommandLine } from './command-line.ts'

/** A child that does not end when it is asked to is killed after this. */
const killAfterMs = 30_000

export type Variables = ReadonlyMap<string, string>

export interface SupervisorPorts {
  /** What the child's environment starts from; a secret beats a variable of its name. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly onRestart: () => void
}

/** Starts, restarts and stops the child. */
export class Supervisor {
  /** Resolves with the exit code that the agent takes over when the child ends by itself: 255 for one that a signal ended. Errors: `command_failed`. */
  readonly ended: Promise<number>
  readonly #config: ExecConfig
  readonly #ports: SupervisorPorts
  #end: (code: number) => void = () => undefined
  #fail: (error: AppError) => void = () => undefined
  #child: ChildProcess | undefined
  #shown: string | undefined
  #work: Promise<void> = Promise.resolve()
  #isStopped = false

  constructor(config: ExecConfig, ports: SupervisorPorts) {
    this.#config = config
    this.#ports = ports
    this.ended = new Promise((resolve, reject) => {
      this.#end = resolve
      this.#fail = reject
    })
  }

  /** Starts the child with `variables`, or anew when they are others than it has; nothing waits for the end of the old one. */
  show(variables: Variables): void {
    const described = describe(variables)
    const isFirst = this.#shown === undefined
    if (described === this.#shown || !(isFirst || this.#config.restartOnChange)) return
    this.#shown = described
    this.#work = this.#work.then(async () => {
      if (this.#isStopped) return
      if (!isFirst) {
        this.#ports.onRestart()
        await this.#endChild()
      }
      if (!this.#isStopped) this.#start(variables)
    })
  }

  /** Ends the child for good. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#work
    await this.#endChild()
  }

  /** Asks the child to end, and makes it end. */
  async #endChild(): Promise<void> {
    const child = this.#child
    if (child === undefined) return
    this.#child = undefined
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    child.kill(this.#config.stopSignal)
    const killer = setTimeout(() => child.kill('SIGKILL'), killAfterMs)
    await gone
    clearTimeout(killer)
  }

  #start(variables: Variables): void {
    const { program, words } = toCommandLine(this.#config.words)
    const child = spawn(program, [...words], {
      env: { ...this.#ports.environment, ...Object.fromEntries(variables) },
      stdio: 'inherit',
    })
    this.#child = child
    child.on('error', (thrown) => {
      this.#child = undefined
      const cause = systemCode(thrown) ?? 'unknown'
      const facts = { program: 'exec.command', reason: 'it cannot be started', cause }
      this.#fail(new AppError('command_failed', facts, { cause: thrown }))
    })
    child.on('exit', (code, signal) => {
      // One that was stopped is no longer the child.
      if (this.#child !== child) return
      this.#child = undefined
      this.#end(signal === null ? (code ?? 255) : 255)
    })
  }
}

/** Tells one set of values from another without keeping them. */
function describe(variables: Variables): string {
  return sha256(JSON.stringify([...variables].sort(([left], [right]) => (left < right ? -1 : 1))))
}
