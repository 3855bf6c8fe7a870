/** All that happens in a simulated day, in order: what the invariants are checked from. */
import type { AgentState } from '../../../agent/plan/state.ts'
import type { ErrorCode } from '../../../core/errors.ts'
import type { Cause } from '../waiter/model.ts'
import type { CloudWeather, FilePlan, Weather } from './day-plan.ts'

export type Asked =
  | 'login'
  | 'renew token'
  | 'check token'
  | 'revoke token'
  | 'wrap token'
  | 'renew lease'
  | 'read'
  | 'cloud login'
  | 'cloud read'

/** All times are milliseconds on the timeline. */
export type Happening =
  | {
      readonly kind: 'process started'
      readonly process: number
      readonly role: 'init' | 'sidecar'
      /** What it found; undefined where it found nothing. */
      readonly state: AgentState | undefined
    }
  | {
      readonly kind: 'process ended'
      readonly process: number
      readonly role: 'init' | 'sidecar'
      /** Undefined for one that was killed. */
      readonly code: number | undefined
    }
  /** It ends until the waiter starts it again; to whoever looks at the pod it is the same process. */
  | { readonly kind: 'rested'; readonly process: number; readonly dueAt: number }
  | { readonly kind: 'woken'; readonly process: number; readonly cause: Cause }
  | { readonly kind: 'program'; readonly files: readonly FilePlan[] }
  | { readonly kind: 'stop asked' }
  | { readonly kind: 'weather'; readonly weather: Weather }
  /** Of the store beside Vault. */
  | { readonly kind: 'cloud weather'; readonly weather: CloudWeather }
  /** Credentials that the store beside Vault gives out. */
  | { readonly kind: 'keys granted'; readonly name: string; readonly endsAt: number }
  /** Credentials of the store beside Vault that it does not take any more. */
  | { readonly kind: 'withdrawn'; readonly names: readonly string[] }
  | { readonly kind: 'disk'; readonly isFull: boolean }
  | { readonly kind: 'commands'; readonly fail: boolean }
  | { readonly kind: 'denied'; readonly path: string; readonly isDenied: boolean }
  | { readonly kind: 'wall clock'; readonly leadMs: number }
  /** The store's own value of a secret; undefined: there is none. */
  | { readonly kind: 'value'; readonly path: string; readonly value: string | undefined }
  | {
      readonly kind: 'request'
      readonly id: number
      readonly process: number
      readonly what: Asked
      /** A secret's path, or `session`. */
      readonly subject: string
      /** When the step began that was under way. */
      readonly step: number
      /** Whether an earlier request led to it, which may be of another step. */
      readonly isFollowing: boolean
    }
  /** What the agent was told. */
  | {
      readonly kind: 'answer'
      readonly id: number
      readonly what: Asked
      readonly subject: string
      readonly code: ErrorCode | 'ok'
      readonly retryAfterMs: number | undefined
    }
  | {
      readonly kind: 'token granted'
      readonly token: string
      readonly isNew: boolean
      readonly expiresAt: number
      /** How much earlier the step began in which it was asked for: by so much it seems to end earlier. */
      readonly lagMs: number
    }
  | {
      readonly kind: 'lease granted'
      readonly lease: string
      readonly isNew: boolean
      readonly path: string
      readonly token: string
      readonly user: string
      readonly expiresAt: number
      readonly lagMs: number
    }
  | {
      readonly kind: 'revoked'
      readonly tokens: readonly string[]
      readonly leases: readonly string[]
    }
  | { readonly kind: 'saved'; readonly state: AgentState }
  | {
      readonly kind: 'written'
      readonly path: string
      readonly text: string
      readonly mode: number | undefined
    }
  | { readonly kind: 'removed'; readonly path: string }
  /** All files of a step were written, but for these. */
  | { readonly kind: 'applied'; readonly failed: readonly string[] }
  /** Somebody else changed the file, or removed it. */
  | { readonly kind: 'meddled'; readonly path: string; readonly text: string | undefined }
  | { readonly kind: 'command started'; readonly run: number; readonly name: string }
  | {
      readonly kind: 'command ended'
      readonly run: number
      readonly name: string
      readonly isGood: boolean
    }
  | { readonly kind: 'told a secret'; readonly where: string }
  | { readonly kind: 'day over' }

export type Entry = Happening & { readonly at: number }

export class History {
  readonly entries: Entry[] = []
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  note(happening: Happening): void {
    this.entries.push({ ...happening, at: this.#now() })
  }
}
