/** Where a secret is among Google's resources. */
import { AppError } from '../../errors.ts'

export interface SecretPlace {
  /** `projects/P` or `projects/P/locations/L`; undefined: of the store's own project and location. */
  readonly parent: string | undefined
  /** Of a regional secret that names its own. */
  readonly location: string | undefined
  readonly id: string
  /** Of a name that ends in `/versions/V`. */
  readonly version: string | undefined
}

const idPattern = /^[A-Za-z0-9_-]{1,255}$/
const fullPattern =
  /^(projects\/[a-z0-9][a-z0-9.:-]*(?:\/locations\/([a-z0-9-]+))?)\/secrets\/([A-Za-z0-9_-]{1,255})(?:\/versions\/([A-Za-z0-9_-]+))?$/

/** A secret's id, or its full name as Google writes it. Errors: `input_invalid`. */
export function parsePlace(path: string, store: string): SecretPlace {
  if (idPattern.test(path)) {
    return { parent: undefined, location: undefined, id: path, version: undefined }
  }
  const [, parent, location, id, version] = fullPattern.exec(path) ?? []
  if (parent !== undefined && id !== undefined) return { parent, location, id, version }
  const reason = 'a secret is called by at most 255 letters, digits, _ and -, or by its full name'
  throw new AppError('input_invalid', { store, path, reason })
}

/** A secret and no version of it. Errors: `input_invalid`. */
export function requireSecret(path: string, store: string): SecretPlace {
  const place = parsePlace(path, store)
  if (place.version === undefined) return place
  throw new AppError('input_invalid', {
    store,
    path,
    reason: 'a name without /versions/ is needed',
  })
}

/** What `alias:NAME`, `latest` and numbers are called in an address. */
export function versionSegment(version: string | undefined): string {
  return encodeURIComponent(version?.replace(/^alias:/, '') ?? 'latest')
}
