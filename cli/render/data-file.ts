/** A file with the data of secrets, in the place of a store. */
import { CORE_SCHEMA, load } from 'js-yaml'
import { AppError } from '../../core/errors.ts'
import { JsonNumber, type JsonObject, type JsonValue } from '../../core/json.ts'
import type { ReferenceStores } from '../../core/reference.ts'
import { nearestName } from '../../core/template/nearest-name.ts'
import {
  namedStore,
  type SecretAnswer,
  type SecretRequest,
} from '../../core/template/secret-request.ts'
import type { SecretReader } from '../template.ts'
import { namesStore, readDataStores } from './data-stores.ts'

export interface DataFile extends SecretReader {
  /** Undefined where no path of the file names a store. */
  readonly stores: ReferenceStores | undefined
}

/**
 * YAML or JSON: path → the secret's keys. `MOUNT/data/PATH` is KV version 2 and gets its layers, asked for with and without
 * `data/`; `STORE:PATH` is a secret of another store, a map or a text; every other path answers with its keys as they are. Throws
 * `input_invalid`, without quoting the text.
 */
export function readDataFile(text: string, file: string): DataFile {
  const root = parseRoot(text, file)
  const secrets = readSecrets(root, file)
  const stored = readDataStores(new Map([...root].filter(([path]) => namesStore(path))), file)
  const aliases = new Map(
    Array.from(secrets.keys()).flatMap((path) => {
      const mount = versioned.exec(path)?.[1]
      return mount === undefined ? [] : [[path.replace(`${mount}/data/`, `${mount}/`), path]]
    }),
  )
  return {
    stores: stored?.stores,
    read: async (request: SecretRequest) => {
      const store = namedStore(request)
      const path = store === undefined ? request.path : `${store}:${request.path}`
      const place = secrets.has(path) ? path : (aliases.get(path) ?? path)
      const data = secrets.get(place)
      const answer = data === undefined ? stored?.find(request) : answerWith(place, data)
      if (answer !== undefined) return answer
      const nearest = nearestName(path, root.keys())
      const hint = nearest === undefined ? {} : { hint: `did you mean ${nearest}?` }
      throw new AppError('secret_missing', { path, file, ...hint })
    },
  }
}

const versioned = /^([^/]+)\/data\/./

const expected = 'a map of paths to maps'

function parseRoot(text: string, file: string): JsonObject {
  const root = toJson(parseYaml(text, file))
  if (root instanceof Map) return root
  throw new AppError('input_invalid', { file, expected })
}

/** Those of Vault. */
function readSecrets(root: JsonObject, file: string): ReadonlyMap<string, JsonObject> {
  const secrets = new Map<string, JsonObject>()
  for (const [path, data] of root) {
    if (namesStore(path)) continue
    if (!(data instanceof Map)) throw new AppError('input_invalid', { file, path, expected })
    secrets.set(path.replace(/^\/+|\/+$/g, ''), data)
  }
  return secrets
}

/** The parser's messages quote the text. */
function parseYaml(text: string, file: string): unknown {
  try {
    return load(text, { schema: CORE_SCHEMA })
  } catch {
    throw new AppError('input_invalid', { file, expected: 'a YAML or JSON document' })
  }
}

function toJson(value: unknown): JsonValue {
  if (typeof value === 'number' || typeof value === 'bigint') return new JsonNumber(String(value))
  if (typeof value === 'boolean' || typeof value === 'string') return value
  if (Array.isArray(value)) return value.map(toJson)
  if (typeof value !== 'object' || value === null) return null
  return new Map(Object.entries(value).map(([key, member]) => [key, toJson(member)] as const))
}

const metadata: JsonObject = new Map<string, JsonValue>([
  ['created_time', '2026-01-01T00:00:00Z'],
  ['custom_metadata', null],
  ['deletion_time', ''],
  ['destroyed', false],
  ['version', new JsonNumber('1')],
])

function answerWith(path: string, data: JsonObject): SecretAnswer {
  const isWhole = data.size === 2 && data.has('data') && data.has('metadata')
  const layered = versioned.test(path) && !isWhole
  return {
    requestId: '',
    leaseId: '',
    leaseDuration: 0,
    renewable: false,
    data: layered
      ? new Map<string, JsonValue>([
          ['data', data],
          ['metadata', metadata],
        ])
      : data,
    warnings: [],
  }
}
