/** What a failing answer of Google means. Source: https://cloud.google.com/apis/design/errors. */
import { AppError, type ErrorCode, type Facts } from '../../errors.ts'
import type { JsonObject } from '../../json.ts'
import type { BearerAnswer } from '../bearer-client.ts'

/** What the identity needs for a call, as the role that is said to be lacking. */
export type Need = 'access' | 'view' | 'add' | 'manage'

const roles: Readonly<Record<Need, string>> = {
  access: 'roles/secretmanager.secretAccessor',
  view: 'roles/secretmanager.viewer',
  add: 'roles/secretmanager.secretVersionAdder',
  manage: 'roles/secretmanager.admin',
}

const codes = new Map<string, ErrorCode>([
  ['NOT_FOUND', 'secret_missing'],
  ['RESOURCE_EXHAUSTED', 'store_busy'],
  ['UNAVAILABLE', 'store_busy'],
  ['INTERNAL', 'store_busy'],
  ['UNKNOWN', 'store_busy'],
  ['ABORTED', 'store_busy'],
  ['CANCELLED', 'store_busy'],
  ['DEADLINE_EXCEEDED', 'store_busy'],
])

/** `facts` are the store and the secret. Only Google's fixed words become facts, never its messages. */
export function describeRefusal(answer: BearerAnswer, need: Need, facts: Facts): AppError {
  const { status, body } = answer
  const error = memberOf(body, 'error')
  const name = wordOf(error?.get('status'))
  const all = {
    ...facts,
    status,
    ...(name === undefined ? {} : { error: name }),
    ...describeWait(answer, error),
    ...describeReason({ status, name, need, error }),
  }
  const state = name === 'FAILED_PRECONDITION' && need === 'access' ? stateOf(error) : undefined
  if (state !== undefined) return describeState(state, all)
  return new AppError(codes.get(name ?? '') ?? codeOf(status), all)
}

/** Of a version that is not ENABLED. */
export function describeState(state: string, facts: Facts): AppError {
  const hint = state === 'DISABLED' ? 'enable it, or add a version' : 'add a version'
  return new AppError('secret_missing', {
    ...facts,
    reason: `the version is ${state.toLowerCase()}`,
    hint,
  })
}

/** The google.rpc status, such as `NOT_FOUND`. */
export function statusName({ body }: BearerAnswer): string | undefined {
  return wordOf(memberOf(body, 'error')?.get('status'))
}

/** Of an answer without a status of Google's: a 404 is somebody's page then, and no word about the secret. */
function codeOf(status: number): ErrorCode {
  if (status === 404) return 'store_answer_invalid'
  if (status === 429 || status >= 500) return 'store_busy'
  return status >= 400 ? 'store_refused' : 'store_answer_invalid'
}

interface Refused {
  readonly status: number
  readonly name: string | undefined
  readonly need: Need
  readonly error: JsonObject | undefined
}

function describeReason({ status, name, need, error }: Refused): Facts {
  if (status === 401) return { hint: 'the token is not one that Google takes here' }
  if (name === 'FAILED_PRECONDITION' && need === 'access') return { hint: preconditionHint }
  if (name !== 'PERMISSION_DENIED') return {}
  const known = detailsOf(error).flatMap((detail) => hints.get(String(detail.get('reason'))) ?? [])
  const lacking = `the identity may lack ${roles[need]}; a name that is wrong looks the same`
  return { hint: known[0] ?? lacking }
}

const preconditionHint =
  'look at the state of the version, and of the Cloud KMS key that the secret has, if any'

/** By the reason of a google.rpc.ErrorInfo. Source: google/api/error_reason.proto. */
const hints = new Map([
  [
    'SERVICE_DISABLED',
    'secretmanager.googleapis.com is not enabled in the project, or a developer has none to pay: gcloud auth application-default set-quota-project PROJECT',
  ],
  ['BILLING_DISABLED', 'the project has no billing account that is active'],
  ['CONSUMER_SUSPENDED', 'the project is suspended'],
  ['SECURITY_POLICY_VIOLATED', 'a perimeter of VPC Service Controls keeps the request out'],
  [
    'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
    'the token of the machine lacks the scope cloud-platform: give its node pool Workload Identity or that scope',
  ],
])

/** Of the header, else of a google.rpc.RetryInfo such as `{"retryDelay": "3.5s"}`. */
function describeWait({ retryAfterMs }: BearerAnswer, error: JsonObject | undefined): Facts {
  if (retryAfterMs !== undefined) return { retryAfterMs }
  const delays = detailsOf(error).map((detail) => detail.get('retryDelay'))
  const delay = delays.find((each) => typeof each === 'string' && /^\d{1,6}(?:\.\d+)?s$/.test(each))
  return typeof delay === 'string'
    ? { retryAfterMs: Math.ceil(Number.parseFloat(delay) * 1000) }
    : {}
}

function stateOf(error: JsonObject | undefined): string | undefined {
  const message = error?.get('message')
  return /is in (DISABLED|DESTROYED) state/.exec(String(message))?.[1]
}

function detailsOf(error: JsonObject | undefined): readonly JsonObject[] {
  const details = error?.get('details')
  return Array.isArray(details) ? details.filter((detail) => detail instanceof Map) : []
}

function memberOf(object: JsonObject | undefined, name: string): JsonObject | undefined {
  const member = object?.get(name)
  return member instanceof Map ? member : undefined
}

function wordOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^[A-Z_]{1,40}$/.test(value) ? value : undefined
}
