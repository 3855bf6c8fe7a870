/** Which commands are to run after files have changed: once per change, and once more where nobody knows whether they did. */
import type { AppError } from '../../core/errors.ts'
import type { AgentConfig, CommandConfig } from '../config/agent-config.ts'
import { commandBackoff, fail, resting } from './failure.ts'
import type { Moment } from './session.ts'
import type { AgentState, PendingCommand } from './state.ts'

type Pending = AgentState['commands']

/** Before the file is written: a crash in between must not lose the command. */
export function intendCommand(pending: Pending, destination: string, hash: string): Pending {
  const kind = pending.get(destination)?.kind === 'due' ? 'due' : 'intended'
  return new Map(pending).set(destination, { kind, hash, failure: undefined })
}

/** After the files were written: a file that already held the bytes needs no command. */
export function settleCommands(state: AgentState, changed: ReadonlySet<string>): AgentState {
  const commands = [...state.commands].flatMap(([destination, command]) => {
    if (changed.has(destination)) return [[destination, { ...command, kind: 'due' }] as const]
    return command.kind === 'due' ? [[destination, command] as const] : []
  })
  return { ...state, commands: new Map<string, PendingCommand>(commands) }
}

/** A file that somebody else changed or removed was put right: that is a change too. */
export function addRestored(
  state: AgentState,
  { templates }: AgentConfig,
  changed: ReadonlySet<string>,
): AgentState {
  const commands = new Map(state.commands)
  for (const { destination, command } of templates) {
    const hash = state.files.get(destination)
    if (command === undefined || hash === undefined) continue
    if (changed.has(destination) && !commands.has(destination)) {
      commands.set(destination, { kind: 'due', hash, failure: undefined })
    }
  }
  return { ...state, commands }
}

/** What an earlier process left: whether it wrote and ran is not known, so it is run. Commands that no template has any more are dropped. */
export function adoptCommands(state: AgentState, { templates }: AgentConfig): AgentState {
  const wanted = new Set(
    templates.flatMap(({ destination, command }) => (command === undefined ? [] : [destination])),
  )
  const commands = [...state.commands].flatMap(([destination, command]) =>
    wanted.has(destination) ? [[destination, { ...command, kind: 'due' }] as const] : [],
  )
  return { ...state, commands: new Map<string, PendingCommand>(commands) }
}

/** One run of one command, for every file that asks for the same. */
export interface CommandRun {
  readonly command: CommandConfig
  /** Destination → hash of the output that it is run for. */
  readonly causes: ReadonlyMap<string, string>
}

/** In the order of the templates. */
export function dueCommands(
  { templates }: AgentConfig,
  { commands }: AgentState,
  now: number,
): readonly CommandRun[] {
  const runs = new Map<string, { command: CommandConfig; causes: Map<string, string> }>()
  for (const { destination, command } of templates) {
    const pending = commands.get(destination)
    if (command === undefined || pending?.kind !== 'due' || resting(pending.failure, now)) continue
    const key = JSON.stringify(command)
    const run = runs.get(key) ?? { command, causes: new Map<string, string>() }
    run.causes.set(destination, pending.hash)
    runs.set(key, run)
  }
  return [...runs.values()]
}

/** A command that failed is tried again; one whose file changed meanwhile is run for the new content. */
export function recordCommand(
  state: AgentState,
  { causes }: CommandRun,
  { error, moment }: { readonly error: AppError | undefined; readonly moment: Moment },
): AgentState {
  const commands = new Map(state.commands)
  for (const [destination, hash] of causes) {
    const pending = commands.get(destination)
    if (pending === undefined || pending.hash !== hash) continue
    if (error === undefined) commands.delete(destination)
    else {
      const failure = fail(pending.failure, { error, backoff: commandBackoff }, moment)
      commands.set(destination, { ...pending, failure })
    }
  }
  return { ...state, commands }
}
