/** `wait`: a change is held back for a while, so that others can join it. */
import type { TemplateConfig } from '../config/agent-config.ts'
import type { HeldChange } from './state.ts'

type Wait = NonNullable<TemplateConfig['wait']>

/** The minimum after the last change, the maximum after the first, whichever comes earlier. */
export function changeDueAt({ firstAt, lastAt }: HeldChange, { minMs, maxMs }: Wait): number {
  return Math.min(lastAt + minMs, firstAt + maxMs)
}

/** The change that is held now that the output hashes to `hash`. */
export function holdChange(held: HeldChange | undefined, hash: string, now: number): HeldChange {
  if (held?.hash === hash) return held
  return { hash, firstAt: held?.firstAt ?? now, lastAt: now }
}
