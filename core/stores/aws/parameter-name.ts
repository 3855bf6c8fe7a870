/** Names of parameters, with the version or label that may follow them. */
import { AppError } from '../../errors.ts'
import type { StorePlace } from '../read-each.ts'

const pattern =
  /^(?<name>(?:[\w./-]{1,1011}|arn:[\w-]{1,20}:ssm:[a-z0-9-]{1,63}:\d{12}:parameter\/[\w./-]{1,1011}))(?::(?<selector>[\w.-]{1,100}))?$/

export interface ParameterName {
  readonly name: string
  /** A version's number, or a label. */
  readonly selector: string | undefined
}

/** `NAME`, `NAME:3` or `NAME:LABEL`, as AWS writes them. Errors: `input_invalid`. */
export function parseParameterName(place: StorePlace, version?: string): ParameterName {
  const { name = '', selector } = pattern.exec(place.path)?.groups ?? {}
  if (name === '')
    throw refuse(place, 'a name of letters, digits and /_.-, or an ARN, was expected')
  if (selector !== undefined && version !== undefined) {
    throw refuse(place, 'one version, after : or after @, was expected')
  }
  return { name: qualify(name), selector: selector ?? version?.replace(/^label:/, '') }
}

/** The name alone. Errors: `input_invalid`. */
export function requirePlainName(place: StorePlace): string {
  const { name, selector } = parseParameterName(place)
  if (selector !== undefined) throw refuse(place, 'a name without a version was expected')
  return name
}

/** A name in a hierarchy begins with a slash. Source: the Parameter Store guide, "Working with parameter hierarchies". */
export function qualify(name: string): string {
  return name.includes('/') && !name.startsWith('/') && !name.startsWith('arn:') ? `/${name}` : name
}

function refuse(place: StorePlace, reason: string): AppError {
  return new AppError('input_invalid', { ...place, reason })
}
