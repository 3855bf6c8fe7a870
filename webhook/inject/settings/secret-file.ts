/** A file that a pod asks for. */
import type { EngineName, FormatName } from '../../../core/template/vocabulary.ts'
import type { Delimiters } from './default-template.ts'

export interface SecretFile {
  /** As the annotations spell it. */
  readonly name: string
  /** The directory that is mounted. */
  readonly directory: string
  /** The containers that see it; undefined for those of `agent-inject-containers`. */
  readonly containers: readonly string[] | undefined
  /** The file, as an absolute path below the directory. */
  readonly destination: string
  readonly template: TemplateSource
  readonly engine: EngineName
  readonly delimiters: Delimiters
  readonly errorOnMissingKey: boolean
  /** Whether the pod may start without it. */
  readonly optional: boolean
  /** Undefined: it may be as old as it gets. */
  readonly staleness: Staleness | undefined
  /** Octal; the agent's default when absent. */
  readonly perms: string | undefined
  /** Run after the file has changed. */
  readonly command: string | undefined
  /** The program whose processes get a signal then; a command beats it. */
  readonly signalled: string | undefined
}

/** How long a file's secrets may go without a good answer, a Go duration, and what becomes of the file then. */
export interface Staleness {
  readonly max: string
  readonly action: 'keep' | 'remove' | 'exit'
}

/** The text of a template, the file in the agent's containers that holds it, or a format and the path of the secret. */
export type TemplateSource =
  | { readonly kind: 'contents'; readonly text: string; readonly given: boolean }
  | { readonly kind: 'source'; readonly path: string }
  | { readonly kind: 'format'; readonly format: FormatName; readonly path: string }
