/** What a rendering gives besides an error. */
import type { FileEffect, LocalRequest } from './local-request.ts'
import type { SecretRequest } from './secret-request.ts'

export interface RenderResult {
  /** Only of use when nothing is missing, no key either. */
  readonly output: Uint8Array
  /** Everything asked for, in order of first use, without duplicates. */
  readonly requests: readonly SecretRequest[]
  /** Those of `requests` that had no answer: fetch them and render again. */
  readonly missing: readonly SecretRequest[]
  /** Keys of those of `requests` that need not exist: answer them with `absentAnswer` where they do not. */
  readonly optional: ReadonlySet<string>
  /** All keys that secrets lack although the file needs them, each reference once. */
  readonly missingKeys: readonly MissingKey[]
  /** Whether the file is made of one optional reference alone, and that leads nowhere: there is nothing to write. */
  readonly isAbsent: boolean
  /** Everything asked of the machine, likewise. */
  readonly locals: readonly LocalRequest[]
  readonly missingLocals: readonly LocalRequest[]
  /** Files to write once nothing is missing, in order. */
  readonly effects: readonly FileEffect[]
}

/** A key that a reference wants and that its secret does not have. */
export interface MissingKey {
  /** As it is written; without its path where a template computed that. */
  readonly reference: string
  /** A key of the secret that may have been meant. */
  readonly nearest: string | undefined
}
