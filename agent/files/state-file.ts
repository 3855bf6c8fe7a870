/** The agent's state on its own memory-backed volume: how the sidecar inherits the init container's login. */
import { mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { replaceFile } from '../../core/atomic-write.ts'
import { systemCode, toAppError } from '../../core/errors.ts'
import { type AgentState, emptyState } from '../plan/state.ts'
import { formatState, parseState } from '../plan/state-text.ts'

export interface StateStore {
  /** `discarded` when there was a state that this version cannot read. */
  readonly load: () => { readonly state: AgentState; readonly discarded: boolean }
  readonly save: (state: AgentState) => void
}

/** Readable by its owner alone. Errors of both: `state_unusable`. */
export function createStateFile(path: string): StateStore {
  let saved: string | undefined
  return {
    load: () => {
      const text = readText(path)
      if (text === undefined) return { state: emptyState, discarded: false }
      const state = parseState(text)
      if (state !== undefined) saved = text
      return { state: state ?? emptyState, discarded: state === undefined }
    },
    save: (state) => {
      const text = formatState(state)
      if (text === saved) return
      try {
        mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
        replaceFile(path, Buffer.from(text), 0o600)
      } catch (thrown) {
        throw toAppError(thrown, 'state_unusable', { path })
      }
      saved = text
    },
  }
}

/** For a container without a volume of its own: the state lives and ends with the process. */
export function createStateMemory(): StateStore {
  return { load: () => ({ state: emptyState, discarded: false }), save: () => undefined }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (thrown) {
    if (systemCode(thrown) === 'ENOENT') return undefined
    throw toAppError(thrown, 'state_unusable', { path })
  }
}
