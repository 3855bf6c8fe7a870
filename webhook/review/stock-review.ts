/** Reviews as vault-k8s 1.7.6 reads them: any version and kind, YAML too, decoded into Go's types with their error texts. */
import { parseJson } from '../../core/json.ts'
import { isObject } from '../../core/plain-object.ts'
import { describeKind, describeMisfit } from '../go-json/decode.ts'
import { convertYaml } from '../go-json/yaml.ts'
import { type BodyParsing, parseBody } from './body-parser.ts'
import { describeRequest, type ReviewReading } from './review.ts'

/** The API server never sends YAML; a longer text would cost more than it can be worth. */
const yamlLimit = 64 * 2 ** 10

/** Source: vault-k8s, the handler, with the deserializer of apimachinery that it uses. */
export function readStockReview(body: Buffer): ReviewReading {
  const isJson = looksLikeJson(body)
  const parsing = isJson ? parseBody(body) : parseYamlBody(body)
  if (parsing.kind === 'malformed') {
    return undecodable(isJson ? `${unknownType}${parsing.problem}` : parsing.problem)
  }
  if (parsing.kind === 'refused') return refused(parsing.reason)
  const { value, text, hasLongNumbers } = parsing
  const exact: unknown = hasLongNumbers ? parseJson(text) : value
  const type = readType(value)
  if (type.kind === 'malformed') return undecodable(type.problem)
  const misfit = describeMisfit(exact, 'unversionedAdmissionReview', { foldsCase: false })
  if (misfit !== undefined) return undecodable(misfit)
  const request = isObject(value) ? value['request'] : undefined
  // Stock has no answer to this one: it crashes, and the connection is dropped.
  if (!isObject(request)) return refused('request is missing')
  return {
    kind: 'review',
    review: {
      ...describeRequest(request),
      apiVersion: type.apiVersion,
      kind: type.name,
      createsPod: true,
      misfit: describePodMisfit(memberOf(memberOf(exact, 'request'), 'object')),
    },
  }
}

/** Source: apimachinery, IsJSONBuffer: the first character that is no space. */
function looksLikeJson(body: Buffer): boolean {
  return /^[\t\n\v\f\r \u0085\u00a0]*\{/.test(body.subarray(0, 4096).toString('utf8'))
}

function parseYamlBody(body: Buffer): BodyParsing {
  if (body.length > yamlLimit) {
    return { kind: 'refused', reason: 'the body is no JSON object and larger than 64 KiB' }
  }
  const yaml = convertYaml(body.toString('utf8'))
  return yaml.kind === 'malformed' ? yaml : parseBody(Buffer.from(yaml.text))
}

type TypeReading =
  | { readonly kind: 'malformed'; readonly problem: string }
  | {
      readonly kind: 'type'
      readonly apiVersion: string | undefined
      readonly name: string | undefined
    }

const unknownType = "couldn't get version/kind; json parse error: "

const typeStruct =
  'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }'

const noType: TypeReading = {
  kind: 'type',
  apiVersion: 'admission.k8s.io/v1',
  name: 'AdmissionReview',
}

/** Source: apimachinery, SimpleMetaFactory.Interpret and ParseGroupVersion. */
function readType(review: unknown): TypeReading {
  if (review === null) return noType
  if (!isObject(review)) {
    return wrongType(`cannot unmarshal ${describeKind(review)} into Go value of type ${typeStruct}`)
  }
  const found = { apiversion: '', kind: '' }
  for (const [name, value] of Object.entries(review)) {
    const key = name.toLowerCase()
    if (!(key === 'apiversion' || key === 'kind') || value === null) continue
    if (typeof value !== 'string') {
      const field = key === 'kind' ? 'kind' : 'apiVersion'
      return wrongType(
        `cannot unmarshal ${describeKind(value)} into Go struct field .${field} of type string`,
      )
    }
    found[key] = value
  }
  return readVersion(found.apiversion, found.kind)
}

function readVersion(apiVersion: string, kind: string): TypeReading {
  const parts = apiVersion === '/' ? [] : apiVersion.split('/')
  if (parts.length > 2) {
    return { kind: 'malformed', problem: `unexpected GroupVersion string: ${apiVersion}` }
  }
  const [group = '', version] = parts
  const spelled = group === '' ? (version ?? '') : apiVersion
  if (spelled === '' && kind === '') return noType
  return { kind: 'type', apiVersion: spelled || undefined, name: kind || undefined }
}

function wrongType(problem: string): TypeReading {
  return {
    kind: 'malformed',
    problem: `${unknownType}json: ${problem}`,
  }
}

/** An object that is absent or null leaves Go's decoder nothing to read. */
function describePodMisfit(object: unknown): string | undefined {
  if (object === undefined || object === null) return 'unexpected end of JSON input'
  return describeMisfit(object, 'Pod', { foldsCase: true })
}

function memberOf(value: unknown, name: string): unknown {
  if (value instanceof Map) return value.get(name)
  return isObject(value) ? value[name] : undefined
}

function undecodable(problem: string): ReviewReading {
  return {
    kind: 'malformed',
    status: 500,
    reason: 'the body is not decodable',
    text: `error decoding admission request: ${problem}`,
  }
}

function refused(reason: string): ReviewReading {
  return {
    kind: 'malformed',
    status: 400,
    reason,
    text: `error decoding admission request: ${reason}`,
  }
}
