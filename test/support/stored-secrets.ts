/** Renders in a test what is made of secrets of several stores. */
import { parseJson } from '../../core/json.ts'
import { toReferenceStores } from '../../core/stores/settings/reference-stores.ts'
import { storedAnswer } from '../../core/stores/stored-answer.ts'
import { toByteString } from '../../core/template/byte-string.ts'
import { createHandlebarsTemplate } from '../../core/template/handlebars/template.ts'
import {
  createFormattedSecret,
  createGoTemplate,
  type Renderable,
} from '../../core/template/renderable.ts'
import {
  absentAnswer,
  namedStore,
  type SecretAnswer,
  type SecretContent,
  type SecretRequest,
} from '../../core/template/secret-request.ts'
import type { RenderResult } from '../../core/template/template.ts'
import type { FormatName } from '../../core/template/vocabulary.ts'

/** `aws`, `k8s` and another Vault besides the pod's own. */
export const stores = toReferenceStores({
  types: new Map([
    ['aws', 'aws'],
    ['k8s', 'k8s'],
    ['other', 'vault'],
  ] as const),
})

/** By `STORE:PATH`, `STORE:PATH@VERSION`, or the path of the pod's own Vault; null for what is known not to exist. */
export type Secrets = Readonly<Record<string, SecretAnswer | null>>

/** The bytes of a text. */
export function whole(text: string): SecretAnswer {
  return bytes(toByteString(text))
}

/** Byte string. */
export function bytes(text: string): SecretAnswer {
  return storedAnswer({ content: { kind: 'whole', bytes: text } })
}

export function keys(members: Readonly<Record<string, string>>): SecretAnswer {
  const content: SecretContent = { kind: 'keys', members: new Map(Object.entries(members)) }
  return storedAnswer({ content })
}

/** As Vault answers: the data as JSON. */
export function vault(json: string): SecretAnswer {
  const data = parseJson(json)
  return { ...absentAnswer, requestId: 'r', data: data instanceof Map ? data : null }
}

function lookUp(secrets: Secrets) {
  return (request: SecretRequest): SecretAnswer | undefined => {
    const store = namedStore(request)
    const version = request.kind === 'read' && request.version ? `@${request.version}` : ''
    const name = `${store === undefined ? '' : `${store}:`}${request.path}${version}`
    if (!Object.hasOwn(secrets, name)) return undefined
    return secrets[name] ?? absentAnswer
  }
}

/** The template of the go engine as an ordinary string. */
export function goTemplate(text: string, errorOnMissingKey = false): Renderable {
  return createGoTemplate({ name: 'test', text: toByteString(text), stores, errorOnMissingKey })
}

export function handlebarsTemplate(text: string): Renderable {
  return createHandlebarsTemplate({ name: 'test', text: toByteString(text), stores })
}

export function formatted(format: FormatName, path: string): Renderable {
  return createFormattedSecret({ name: '/file', format, path, stores })
}

export function renderWith(renderable: Renderable, secrets: Secrets): RenderResult {
  return renderable.render({ secret: lookUp(secrets) })
}

/** The output as an ordinary string; fails where something is missing. */
export function outputOf(renderable: Renderable, secrets: Secrets): string {
  const { output, missing, missingKeys } = renderWith(renderable, secrets)
  if (missing.length + missingKeys.length > 0) {
    throw new Error(`lacks ${JSON.stringify([missing, missingKeys])}`)
  }
  return Buffer.from(output).toString('utf8')
}
