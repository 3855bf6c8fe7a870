/** KV version 1: the path holds the data, a `ttl` in it says how long a reader may keep it. */
import type { JsonObject, JsonValue } from '../../../core/json.ts'
import type { Backend, BackendCall } from '../backend.ts'
import { answer, type DevAnswer, failure, listAnswer, noContent, notFound } from '../exchange.ts'
import { readSeconds } from '../fields.ts'
import { sortKeys } from '../json.ts'
import { systemMaxTtl } from '../tokens.ts'
import type { SecretFiles } from './secret-files.ts'

export function createKvV1(files: SecretFiles): Backend {
  return {
    exists: (path) => files.read(path) !== undefined,
    handle: ({ operation, path, body }: BackendCall): DevAnswer => {
      switch (operation) {
        case 'read':
          return readSecret(files.read(path))
        case 'list':
          return listAnswer(files.list(asFolder(path)), 'kv')
        case 'update':
          if (body.size === 0) return failure(400, 'missing data fields')
          if (path.endsWith('/')) return failure(400, "cannot write to a path ending in '/'")
          files.write(path, body)
          return noContent
        case 'delete':
          files.remove(path)
          return noContent
      }
    },
  }
}

export function asFolder(path: string): string {
  return path === '' || path.endsWith('/') ? path : `${path}/`
}

function readSecret(data: JsonObject | undefined): DevAnswer {
  if (data === undefined) return notFound
  const sorted = sortKeys(data)
  return answer({
    data: sorted instanceof Map ? sorted : null,
    leaseDuration: keepingTime(data.get('ttl') ?? data.get('lease')),
    mountType: 'kv',
  })
}

/** Seconds; a `ttl` that is no duration counts as none. */
function keepingTime(ttl: JsonValue | undefined): number {
  try {
    return readSeconds(ttl, 'ttl') || systemMaxTtl
  } catch {
    return systemMaxTtl
  }
}
