/** What is parsed or linted. */
import type { ReferenceStores } from '../reference.ts'
import type { TemplatePolicy } from './policy.ts'

export interface TemplateSource {
  /** Shown in errors, for example the file's path; may be empty. */
  readonly name: string
  /** Byte string: one character per byte of the template, as `buffer.toString('latin1')` gives it. */
  readonly text: string
  /** `{{` unless given; an empty text means the default. */
  readonly leftDelimiter?: string
  /** `}}` unless given; an empty text means the default. */
  readonly rightDelimiter?: string
  /** A missing key fails instead of printing `<no value>`; false unless given. Source: error_on_missing_key. */
  readonly errorOnMissingKey?: boolean
  /** What the template may reach; `restrictedPolicy` unless given. */
  readonly policy?: TemplatePolicy
  /** The stores that paths may name. Without them paths are those of one Vault, as a stock agent reads them. */
  readonly stores?: ReferenceStores | undefined
}
