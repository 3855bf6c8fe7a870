/** Answers wrapped in a token of one use. Source: https://developer.hashicorp.com/vault/docs/concepts/response-wrapping */
import type { JsonObject } from '../../core/json.ts'
import type { Backend, BackendCall } from './backend.ts'
import {
  answer,
  type DevAnswer,
  failure,
  unsupportedOperation,
  unsupportedPath,
} from './exchange.ts'
import { jsonNumber, jsonObject, objectMember, textMember } from './json.ts'
import type { Token, Tokens } from './tokens.ts'

export interface Wrapping {
  /** The answer that hides `wrapped`, made at `path`, for `ttl` seconds; one without a body stays as it is. */
  readonly wrap: (wrapped: DevAnswer, path: string, ttl: number) => DevAnswer
  readonly lookUp: (tokenId: string) => DevAnswer
  /** Once only: the token ends. */
  readonly unwrap: (tokenId: string) => DevAnswer
  /** To be told of every token that ends. */
  readonly forget: (tokenId: string) => void
}

export function createWrapping(tokens: Tokens): Wrapping {
  const wrapped = new Map<string, DevAnswer>()
  const find = (id: string): Token | undefined => {
    const token = tokens.find(id)
    return wrapped.has(id) ? token : undefined
  }
  return {
    wrap: (hidden, path, ttl) => {
      if (hidden.body === undefined || hidden.status >= 300) return hidden
      const token = tokens.create({
        displayName: '',
        path,
        policies: ['response-wrapping'],
        ttl,
        maxTtl: ttl,
        period: 0,
        renewable: false,
      })
      wrapped.set(token.id, hidden)
      return answer({ wrapInfo: describeWrapping(token, hidden.body) })
    },
    lookUp: (id) => {
      const token = find(id)
      if (token === undefined) return invalidToken
      const data = jsonObject({
        creation_path: token.path,
        creation_time: new Date(token.createdAt).toISOString(),
        creation_ttl: jsonNumber(token.term?.ttl ?? 0),
      })
      return answer({ data })
    },
    unwrap: (id) => {
      const hidden = find(id) === undefined ? undefined : wrapped.get(id)
      if (hidden === undefined) return invalidToken
      tokens.revoke(id)
      return hidden
    },
    forget: (id) => {
      wrapped.delete(id)
    },
  }
}

function describeWrapping(token: Token, body: JsonObject): JsonObject {
  const accessor = textMember(objectMember(body, 'auth') ?? new Map(), 'accessor')
  return jsonObject({
    token: token.id,
    accessor: token.accessor,
    ttl: jsonNumber(token.term?.ttl ?? 0),
    creation_time: new Date(token.createdAt).toISOString(),
    creation_path: token.path,
    ...(accessor === '' ? {} : { wrapped_accessor: accessor }),
  })
}

/** The paths below sys/wrapping/. */
export function createWrappingPaths(wrapping: Wrapping): Backend {
  const run = (call: BackendCall): DevAnswer => {
    const id = textMember(call.body, 'token') || (call.token?.id ?? '')
    switch (call.path) {
      case 'wrap':
        return call.wrapTtl > 0 ? answer({ data: call.body }) : unwrapped
      case 'lookup':
        return wrapping.lookUp(id)
      case 'unwrap':
        return wrapping.unwrap(id)
      default:
        return unsupportedPath
    }
  }
  return {
    isOpen: (path) => path === 'lookup',
    handle: (call) => {
      const asked = call.path === 'lookup' ? ['read', 'update'] : ['update']
      return asked.includes(call.operation) ? run(call) : unsupportedOperation
    },
  }
}

const unwrapped = failure(400, 'endpoint requires response wrapping to be used')
const invalidToken = failure(400, 'wrapping token is not valid or does not exist')
