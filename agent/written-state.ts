/** What of a step's state is kept before its files are written, and what afterwards. */
import type { Applied } from './apply.ts'
import type { AgentConfig } from './config/agent-config.ts'
import { addRestored, settleCommands } from './plan/commands.ts'
import type { AgentState } from './plan/state.ts'

/**
 * Kept before the files, since a lease that was granted must survive a crash in between. What is made once and not compared
 * with the disk in every step counts as written only when it is.
 */
export function beforeWrites({ effects, sinks }: AgentState, state: AgentState): AgentState {
  return { ...state, effects, sinks }
}

/** What could not be written is forgotten, so that it is tried again. */
export function afterWrites(
  config: AgentConfig,
  state: AgentState,
  { changed, failed }: Applied,
): AgentState {
  const forget = (entries: ReadonlyMap<string, string>) =>
    new Map([...entries].filter(([destination]) => !failed.has(destination)))
  const written = {
    ...state,
    files: forget(state.files),
    effects: forget(state.effects),
    sinks: forget(state.sinks),
  }
  return settleCommands(addRestored(written, config, changed), changed)
}
