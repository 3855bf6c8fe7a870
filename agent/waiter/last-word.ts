/** The last word of a process that wants to be started again. Source: docs/waiter.md. */
import type { ResidentReason } from './resident-reasons.ts'

export interface LastWord {
  /** Milliseconds of CLOCK_BOOTTIME; infinity: nothing will ever be due. */
  readonly dueAt: number
  /** How long it may take at its end; undefined: there is nothing to do. */
  readonly endMs: number | undefined
  /** Path → its mark when it was last looked at. */
  readonly watched: ReadonlyMap<string, string>
  /** `tcp IP PORT` or `unix PATH`. */
  readonly places: readonly string[]
}

const limits = { bytes: 16_384, sockets: 8, files: 512 } as const

export type SpokenWord =
  | { readonly kind: 'text'; readonly text: string }
  /** The waiter would not understand it. */
  | { readonly kind: 'unspeakable'; readonly reason: ResidentReason }

export function formatLastWord({ dueAt, endMs, watched, places }: LastWord): SpokenWord {
  if (places.length > limits.sockets) return { kind: 'unspeakable', reason: 'many_sockets' }
  if (watched.size > limits.files) return { kind: 'unspeakable', reason: 'many_files' }
  if ([...watched.keys(), ...places].some(breaksLine)) {
    return { kind: 'unspeakable', reason: 'odd_path' }
  }
  const lines = [
    'claviger-wait 1',
    `due ${Number.isFinite(dueAt) ? Math.max(0, Math.ceil(dueAt)) : 'never'}`,
    ...(endMs === undefined ? [] : [`end ${Math.ceil(endMs)}`]),
    ...Array.from(watched, ([path, mark]) => `watch ${mark} ${path}`),
    ...places.map((place) => `listen ${place}`),
    '.',
  ]
  const text = lines.map((line) => `${line}\n`).join('')
  return Buffer.byteLength(text) > limits.bytes
    ? { kind: 'unspeakable', reason: 'long_word' }
    : { kind: 'text', text }
}

function breaksLine(text: string): boolean {
  return text === '' || /[\p{Cc}\p{Zl}\p{Zp}]/u.test(text)
}
