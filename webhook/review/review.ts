/** An AdmissionReview that has been read, and the answer to one that has been judged. */
import { isObject } from '../../core/plain-object.ts'
import { stringifyWhole } from '../inject/build/patch-text.ts'
import type { DenyReason } from '../inject/decide.ts'
import type { Outcome } from '../inject/mutate.ts'

export interface Review {
  /** As the answer repeats them; undefined leaves the field out. */
  readonly apiVersion: string | undefined
  readonly kind: string | undefined
  readonly uid: string
  /** Empty for what has none. */
  readonly namespace: string
  /** For the log: the pod's name or the beginning of the name it will get. */
  readonly name: string
  /** For the log: who asks. */
  readonly user: { readonly name: string; readonly groups: number }
  /** For the log: the kind of the pod's controller, empty without one. */
  readonly ownerKind: string
  readonly dryRun: boolean
  /** Whether this is what the webhook is for; anything else is let through. */
  readonly createsPod: boolean
  readonly object: unknown
  /** Why the object cannot be a pod, in Go's words; only the stock dialect looks. */
  readonly misfit: string | undefined
}

export type ReviewReading =
  | { readonly kind: 'review'; readonly review: Review }
  | {
      readonly kind: 'malformed'
      readonly status: number
      /** For log and metric; a constant. */
      readonly reason: string
      /** For the answer; may repeat a character, a number or the apiVersion of the body. */
      readonly text: string
    }

/** How a denial is worded. */
export type FormatDenial = (outcome: Extract<Outcome, { readonly kind: 'denied' }>) => string

export type Json = Readonly<Record<string, unknown>>

/** What log lines, metrics and mutation need of a request, whatever else is in it. */
export function describeRequest(
  request: Json,
): Omit<Review, 'apiVersion' | 'kind' | 'createsPod' | 'misfit'> {
  const object = request['object']
  const user = readObject(request['userInfo'])
  const { groups } = user
  return {
    uid: readString(request['uid']),
    namespace: readString(request['namespace']),
    name: readString(request['name']) || readPodName(object),
    user: {
      name: readString(user['username']),
      groups: Array.isArray(groups) ? groups.length : 0,
    },
    ownerKind: readOwnerKind(object),
    dryRun: request['dryRun'] === true,
    object,
  }
}

/** The whole answer as one text: what is allowed, why not, with which patch. */
export function formatReview(
  { apiVersion, kind, uid, misfit }: Review,
  outcome: Outcome | undefined,
  formatDenial: FormatDenial,
): string {
  const verdict =
    misfit === undefined
      ? buildVerdict(outcome, formatDenial)
      : { allowed: false, status: { message: misfit } }
  return JSON.stringify({ apiVersion, kind, response: { uid, ...verdict } })
}

function buildVerdict(outcome: Outcome | undefined, formatDenial: FormatDenial): object {
  switch (outcome?.kind) {
    case 'denied':
      return {
        allowed: false,
        status: { message: formatDenial(outcome), ...describeRetry(outcome.reason) },
        ...listWarnings(outcome.warnings),
      }
    case 'injected':
      return {
        allowed: true,
        ...listWarnings(outcome.warnings),
        patchType: 'JSONPatch',
        patch: Buffer.from(stringifyWhole(outcome.patch)).toString('base64'),
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

function readPodName(object: unknown): string {
  const metadata = readObject(readObject(object)['metadata'])
  return readString(metadata['name']) || readString(metadata['generateName'])
}

function readOwnerKind(object: unknown): string {
  const owners = readObject(readObject(object)['metadata'])['ownerReferences']
  if (!Array.isArray(owners)) return ''
  const controller = owners.find((owner) => readObject(owner)['controller'] === true)
  return readString(readObject(controller)['kind'])
}

export function readString(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** Empty for what is no object. */
function readObject(value: unknown): Json {
  return isObject(value) ? value : {}
}
