/** What a step asks to be done with files. */
import type { FileEffect } from '../../core/template/local-request.ts'
import type { PathPolicy } from '../../core/template/policy.ts'
import type { FileOptions } from '../config/agent-config.ts'

/** A file that must hold these bytes; whoever applies it leaves a file that already does alone. */
export interface FileWrite {
  readonly destination: string
  readonly bytes: Uint8Array
  readonly file: FileOptions
  /** Files with the same one belong together: all of them change, or none. */
  readonly group: string
}

/** What a template wrote with `writeToFile`, to be done once more whenever it changes. */
export interface TemplateEffects {
  readonly destination: string
  readonly effects: readonly FileEffect[]
  readonly policy: PathPolicy
}
