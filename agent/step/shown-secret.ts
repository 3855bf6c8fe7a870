/** How a secret is named where people read it. */
import { formatReference } from '../../core/reference.ts'
import { toByteString } from '../../core/template/byte-string.ts'
import type { Renderable } from '../../core/template/renderable.ts'

/** A request, or a failure of one. */
export interface NamedSecret {
  readonly path: string
  /** Undefined: the pod's own Vault. */
  readonly store?: string
  readonly version?: string
}

/** The reference to all of a secret, `aws:prod/db@AWSPREVIOUS`. */
export function referenceOf({ store, path, version }: NamedSecret): string {
  return formatReference({ store, path, property: undefined, version, isOptional: false })
}

/** Whether its author wrote the path of `secret` into a template, as it is or escaped. */
export function isSpelled(
  templates: readonly { readonly template: Pick<Renderable, 'text'> }[],
  secret: NamedSecret,
): boolean {
  const { path } = secret
  const escaped = formatReference({ ...whole, store: secret.store, path })
  const forms = new Set([path, toByteString(path), toByteString(afterStore(escaped, secret))])
  return templates.some(({ template }) => [...forms].some((form) => template.text.includes(form)))
}

const whole = { property: undefined, version: undefined, isOptional: false }

function afterStore(reference: string, { store }: NamedSecret): string {
  return store === undefined ? reference : reference.slice(store.length + 1)
}
