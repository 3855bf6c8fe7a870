/** Requests of templates as JSON values and back. */
import type { JsonObject, JsonValue } from '../../core/json.ts'
import type { SecretRequest } from '../../core/template/secret-request.ts'
import {
  asArray,
  asObject,
  asText,
  object,
  optionalTexts,
  parseOptionalTexts,
} from './json-shape.ts'

export const requestKinds = ['read', 'write', 'list', 'pki'] as const

export function formatRequest(request: SecretRequest): JsonValue {
  const { kind, path } = request
  switch (request.kind) {
    case 'read': {
      const { store, version, query } = request
      return new Map([...object({ kind, path, query }), ...optionalTexts({ store, version })])
    }
    case 'list':
      return new Map([...object({ kind, path }), ...optionalTexts({ store: request.store })])
    default:
      return object({ kind, path, data: request.data })
  }
}

export function parseRequest(request: JsonObject): SecretRequest {
  const path = asText(request.get('path'))
  const kind = request.get('kind')
  if (kind === 'list') return { kind, path, ...parseOptionalTexts(request, ['store']) }
  if (kind === 'write' || kind === 'pki') return { kind, path, data: asObject(request.get('data')) }
  const query = asArray(request.get('query')).map((pair) => {
    const [name, value] = asArray(pair)
    return [asText(name), asText(value)] as const
  })
  return { kind: 'read', path, query, ...parseOptionalTexts(request, ['store', 'version']) }
}
