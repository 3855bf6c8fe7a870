/** Answers of stores as JSON values and back: Vault's envelope, and beside it what other stores say. */
import type { JsonObject, JsonValue } from '../../core/json.ts'
import type { SecretAnswer, SecretContent } from '../../core/template/secret-request.ts'
import { formatEnvelope, parseEnvelope } from '../../core/vault/envelope.ts'
import {
  asNumber,
  asObject,
  asText,
  mapValues,
  number,
  object,
  parseOptionalTexts,
} from './json-shape.ts'

export function formatAnswer(answer: SecretAnswer): JsonValue {
  const { content, version, expiresAt } = answer
  return new Map<string, JsonValue>([
    ...formatEnvelope(answer),
    ...(content === undefined ? [] : ([['content', formatContent(content)]] as const)),
    ...(version === undefined ? [] : ([['version', version]] as const)),
    ...(expiresAt === undefined ? [] : ([['expires_at', number(expiresAt)]] as const)),
  ])
}

export function parseAnswer(answer: JsonObject): SecretAnswer {
  const { version } = parseOptionalTexts(answer, ['version'])
  return {
    ...parseEnvelope(answer),
    ...(answer.has('content') ? { content: parseContent(asObject(answer.get('content'))) } : {}),
    ...(version === undefined ? {} : { version }),
    ...(answer.has('expires_at') ? { expiresAt: asNumber(answer.get('expires_at')) } : {}),
  }
}

/** Byte strings stay what they are: JSON has a place for every UTF-16 unit. */
function formatContent(content: SecretContent): JsonValue {
  return content.kind === 'whole'
    ? object({ whole: content.bytes })
    : object({ keys: content.members })
}

function parseContent(content: JsonObject): SecretContent {
  return content.has('whole')
    ? { kind: 'whole', bytes: asText(content.get('whole')) }
    : { kind: 'keys', members: mapValues(asObject(content.get('keys')), asText) }
}
