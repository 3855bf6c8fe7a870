/** AdmissionReview in and out, in the version that was asked. */
import { isUtf8 } from 'node:buffer'
import type { DenyReason } from './inject/decide.ts'
import { formatDenial, type Outcome } from './inject/mutate.ts'

const apiVersions = ['admission.k8s.io/v1', 'admission.k8s.io/v1beta1'] as const
type ApiVersion = (typeof apiVersions)[number]

export interface Review {
  readonly apiVersion: ApiVersion
  readonly uid: string
  /** Empty for what has none. */
  readonly namespace: string
  /** For the log: the pod's name or the beginning of the name it will get. */
  readonly name: string
  /** Whether this is what the webhook is for; anything else is let through. */
  readonly createsPod: boolean
  readonly object: unknown
}

export type ReviewReading =
  | { readonly kind: 'review'; readonly review: Review }
  /** `reason` is a constant: it never repeats the input. */
  | { readonly kind: 'malformed'; readonly reason: string }

/** Source: Kubernetes, admission.k8s.io/v1, AdmissionReview. */
export function readReview(body: Buffer): ReviewReading {
  if (body.length === 0) return malformed('the body is empty')
  if (!isUtf8(body)) return malformed('the body is not UTF-8')
  const review = parseObject(body)
  if (review === undefined) return malformed('the body is not a JSON object')
  const apiVersion = apiVersions.find((version) => version === review['apiVersion'])
  if (review['kind'] !== 'AdmissionReview') return malformed('kind is not AdmissionReview')
  if (apiVersion === undefined) return malformed(`apiVersion is none of ${apiVersions.join(', ')}`)
  const request = review['request']
  if (!isObject(request)) return malformed('request is missing')
  const uid = request['uid']
  if (typeof uid !== 'string' || uid === '') return malformed('request.uid is missing')
  const object = request['object']
  return {
    kind: 'review',
    review: {
      apiVersion,
      uid,
      namespace: readString(request['namespace']),
      name: readString(request['name']) || readGenerateName(object),
      createsPod: createsPod(request),
      object,
    },
  }
}

/** The whole answer as one text: what is allowed, why not, with which patch. */
export function formatReview({ apiVersion, uid }: Review, outcome: Outcome | undefined): string {
  const response = { uid, ...buildVerdict(outcome) }
  return JSON.stringify({ apiVersion, kind: 'AdmissionReview', response })
}

function buildVerdict(outcome: Outcome | undefined): object {
  switch (outcome?.kind) {
    case 'denied':
      return {
        allowed: false,
        status: { message: formatDenial(outcome.issues), ...describeRetry(outcome.reason) },
        ...listWarnings(outcome.warnings),
      }
    case 'injected':
      return {
        allowed: true,
        ...listWarnings(outcome.warnings),
        patchType: 'JSONPatch',
        patch: Buffer.from(JSON.stringify(outcome.patch)).toString('base64'),
      }
    default:
      return { allowed: true }
  }
}

/** Clients of the Kubernetes API try again by themselves. Source: Kubernetes, Status of reason ServiceUnavailable. */
function describeRetry(reason: DenyReason): object {
  if (reason !== 'namespace_unknown') return {}
  return { code: 503, reason: 'ServiceUnavailable', details: { retryAfterSeconds: 1 } }
}

function listWarnings(warnings: readonly string[]): object {
  return warnings.length === 0 ? {} : { warnings: warnings.map(cutWarning) }
}

/** Source: Kubernetes asks for warnings of at most 120 characters and cuts what is longer than 256. */
function cutWarning(warning: string): string {
  return warning.length <= 256 ? warning : `${warning.slice(0, 253)}...`
}

/** A request without these fields is judged by its object alone. */
function createsPod(request: Json): boolean {
  const { operation = 'CREATE', subResource = '', kind } = request
  const { group = '', kind: name = 'Pod' } = isObject(kind) ? kind : {}
  return operation === 'CREATE' && subResource === '' && group === '' && name === 'Pod'
}

function readGenerateName(object: unknown): string {
  const metadata = isObject(object) ? object['metadata'] : undefined
  if (!isObject(metadata)) return ''
  return readString(metadata['name']) || readString(metadata['generateName'])
}

type Json = Readonly<Record<string, unknown>>

function parseObject(body: Buffer): Json | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function malformed(reason: string): ReviewReading {
  return { kind: 'malformed', reason }
}

function readString(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
