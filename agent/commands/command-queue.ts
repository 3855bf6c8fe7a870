/** Commands one after the other, beside the steps: one that hangs holds up no renewal. */
import type { AppError } from '../../core/errors.ts'
import type { CommandConfig } from '../config/agent-config.ts'
import type { CommandRun } from '../plan/commands.ts'

export interface CommandOutcome {
  readonly run: CommandRun
  readonly error: AppError | undefined
}

export class CommandQueue {
  readonly #execute: (command: CommandConfig) => Promise<AppError | undefined>
  readonly #onDone: () => void
  /** Causes with their command. */
  readonly #waiting = new Set<string>()
  #outcomes: CommandOutcome[] = []
  #work: Promise<void> = Promise.resolve()

  /** `onDone` is called whenever there is an outcome to take. */
  constructor(
    execute: (command: CommandConfig) => Promise<AppError | undefined>,
    onDone: () => void,
  ) {
    this.#execute = execute
    this.#onDone = onDone
  }

  /** Adds what is not waiting or running already: each cause has one run. */
  add(runs: readonly CommandRun[]): void {
    for (const { command, causes } of runs) {
      const keyOf = (cause: readonly string[]) => JSON.stringify([command, ...cause])
      const open = [...causes].filter((cause) => !this.#waiting.has(keyOf(cause)))
      if (open.length === 0) continue
      for (const cause of open) this.#waiting.add(keyOf(cause))
      this.#work = this.#work.then(async () => {
        const error = await this.#execute(command)
        for (const cause of open) this.#waiting.delete(keyOf(cause))
        this.#outcomes.push({ run: { command, causes: new Map(open) }, error })
        this.#onDone()
      })
    }
  }

  /** Whether nothing waits, runs, or has ended and was not taken. */
  get isIdle(): boolean {
    return this.#waiting.size === 0 && this.#outcomes.length === 0
  }

  /** What has ended since the last call. */
  take(): readonly CommandOutcome[] {
    const taken = this.#outcomes
    this.#outcomes = []
    return taken
  }

  /** Resolves when everything that was added has ended. */
  async idle(): Promise<void> {
    await this.#work
  }
}
