/** A store beside Vault whose answers a test says, as steps see it. */
import type { StepStore } from '../../agent/step/ports.ts'
import { AppError } from '../../core/errors.ts'
import type { Secret } from '../../core/secret.ts'
import type { StoreRead } from '../../core/stores/store.ts'
import { storedAnswer } from '../../core/stores/stored-answer.ts'
import type { SecretAnswer } from '../../core/template/secret-request.ts'

export interface ScriptedStore extends StepStore {
  /** What was asked, in order: `read PATH`, `read PATH known VERSION`, `list PATH`, `renew ID`. */
  readonly calls: string[]
}

export interface StoreScript {
  /** An AppError fails the read; `unchanged` stands for itself. */
  readonly read?: (read: StoreRead) => Promise<SecretAnswer | AppError | 'unchanged'>
  readonly renew?: (leaseId: string) => Promise<number>
  readonly names?: SecretAnswer
  readonly identity?: string
  readonly refreshMs?: number
  readonly isWatched?: boolean
}

export function whole(text: string, version = 'v1'): SecretAnswer {
  return storedAnswer({ content: { kind: 'whole', bytes: text }, version })
}

export function scriptedStore(script: StoreScript = {}): ScriptedStore {
  const calls: string[] = []
  const { read = async () => whole('{"user":"ada"}'), renew = async () => 3600 } = script
  return {
    calls,
    identity: script.identity ?? 'same',
    refreshMs: script.refreshMs,
    memory: new Map<string, Secret>(),
    read: async (asked) => {
      const known = asked.known === undefined ? '' : ` known ${asked.known}`
      calls.push(`read ${asked.path}${known}`)
      const answer = await read(asked)
      if (answer === 'unchanged') return { kind: 'unchanged' }
      return answer instanceof AppError
        ? { kind: 'failed', error: answer }
        : { kind: 'read', answer }
    },
    list: async (path) => {
      calls.push(`list ${path}`)
      if (script.names === undefined) throw new AppError('store_incapable', { what: 'list' })
      return script.names
    },
    renew: async (leaseId) => {
      calls.push(`renew ${leaseId}`)
      return renew(leaseId)
    },
    isWatched: () => script.isWatched ?? false,
  }
}
