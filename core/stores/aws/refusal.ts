/** What a failing answer of AWS means. Source: the errors of the Secrets Manager and Systems Manager API references. */
import { AppError, type ErrorCode, type Facts } from '../../errors.ts'
import { parseRetryAfter } from '../../http/retry-after.ts'

/** What the service says, as it says it; it may name what the identity may not do, and is never shown whole. */
export interface Refused {
  readonly status: number
  /** What the service calls the error; undefined where the answer is not the service's. */
  readonly type: string | undefined
  readonly message: string
  readonly retryAfter?: string | undefined
}

/** Every one of them goes by itself. */
const busy = new Set<string>([
  ...['ThrottlingException', 'Throttling', 'ThrottledException', 'RequestThrottled'],
  ...['RequestThrottledException', 'TooManyRequestsException', 'RequestLimitExceeded'],
  ...['SlowDown', 'PriorRequestNotComplete', 'TooManyUpdates', 'InternalFailure'],
  ...['InternalServiceError', 'InternalServerError', 'ServiceUnavailable'],
])

const missing = new Set<string>([
  ...['ResourceNotFoundException', 'ParameterNotFound', 'ParameterVersionNotFound'],
])

/** The KMS key is there for nobody: Secrets Manager's words, Parameter Store's, and those of KMS itself. */
const keyFailures = new Set<string>([
  ...['DecryptionFailure', 'EncryptionFailure', 'InvalidKeyId'],
  ...['DisabledException', 'KMSInvalidStateException'],
])

/** The request's time is too far from the service's. Source: AWS's SDK for JavaScript. */
export const skewTypes: ReadonlySet<string> = new Set([
  ...['RequestTimeTooSkewed', 'RequestExpired', 'RequestInTheFuture'],
  ...['InvalidSignatureException', 'SignatureDoesNotMatch', 'AuthFailure'],
])

/** The keys are over, or were taken back. */
export const expiryTypes: ReadonlySet<string> = new Set([
  ...['ExpiredTokenException', 'ExpiredToken', 'TokenRefreshRequired'],
  ...['UnrecognizedClientException', 'InvalidClientTokenId'],
])

export function refusal(refused: Refused, facts: Facts, now: number): AppError {
  const { status, type, retryAfter } = refused
  const retryAfterMs = parseRetryAfter(retryAfter, now)
  return new AppError(codeOf(refused), {
    ...facts,
    ...(status === 0 ? {} : { status }),
    ...(type === undefined ? {} : { reason: type }),
    ...explain(refused),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
}

/** Whether a call of many may have been refused for one of them, and not for who asks. */
export function mayBeOfOne({ code, facts }: AppError): boolean {
  const type = String(facts['reason'])
  if (code === 'secret_missing') return true
  return code === 'store_refused' && !skewTypes.has(type) && !expiryTypes.has(type)
}

function codeOf({ status, type, message }: Refused): ErrorCode {
  if (status === 429 || status >= 500 || (type !== undefined && busy.has(type))) return 'store_busy'
  if (type !== undefined && missing.has(type)) return 'secret_missing'
  if (isScheduled(type, message)) return 'secret_missing'
  const isRefused = type !== undefined || status === 401 || status === 403
  return isRefused ? 'store_refused' : 'store_answer_invalid'
}

function isScheduled(type: string | undefined, message: string): boolean {
  return type === 'InvalidRequestException' && /\bdelet(?:ed|ion)\b/i.test(message)
}

/** What to do about it; names of actions and roles are taken out of the message by what they look like. */
function explain({ status, type, message }: Refused): Facts {
  if (type === undefined || codeOf({ status, type, message }) === 'store_busy') return {}
  if (missing.has(type)) return { hint: missingHint }
  if (isScheduled(type, message)) return { hint: 'it is deleted and can be restored' }
  if (skewTypes.has(type)) return { hint: explainSignature(type, message) }
  if (expiryTypes.has(type)) return { hint: expiryHint }
  if (keyFailures.has(type)) return { hint: explainKey(message) }
  return explainDenial(type, message)
}

function explainSignature(type: string, message: string): string {
  if (/\bregion\b/i.test(message)) return regionHint
  const isOfTime = /^Request/.test(type) || /^Signature (?:expired|not yet current)/.test(message)
  return isOfTime ? clockHint : skewHint
}

/** Source: "Key states of AWS KMS keys" and the errors of its API reference, which the services pass on. */
function explainKey(message: string): string {
  return keyStates.find(([pattern]) => pattern.test(message))?.[1] ?? keyFailureHint
}

const keyStates: readonly (readonly [RegExp, string])[] = [
  [/\bis disabled\b/i, 'the KMS key is disabled: enable it'],
  [
    /\bpending ?deletion\b/i,
    'the KMS key is to be deleted: cancel that, or write the value anew with another key',
  ],
  [/\bpending ?import\b/i, 'the KMS key has no key material: import it'],
]
const keyFailureHint =
  'the KMS key is not there, disabled, to be deleted, or not for this role: look at its state and its policy'

const missingHint =
  'check the name, the version and the region; a secret of another account needs its full ARN'
const regionHint = 'the endpoint is one of another region'
const clockHint = 'the clock of this machine is wrong: AWS takes five minutes'
const skewHint = 'check the secret key, and the clock of this machine'
const expiryHint = 'AWS does not know the keys any longer, or not in this region: is it enabled?'
const keyHint =
  'the role may not use the KMS key: allow kms:Decrypt, to write kms:GenerateDataKey too, in its policy and in that of the key'

function explainDenial(type: string, message: string): Facts {
  const action = /not authorized to perform: ([a-z0-9-]{1,40}:[A-Za-z]{1,60})\b/.exec(message)?.[1]
  const principal = /^User: (arn:[\w-]{1,20}:(?:sts|iam)::\d{12}:[\w+=,.@/-]{1,200}) is not/.exec(
    message,
  )?.[1]
  const facts = {
    ...(action === undefined ? {} : { action }),
    ...(principal === undefined ? {} : { principal }),
  }
  const isOfKey = action?.startsWith('kms:') || /\bKMS|ciphertext/.test(`${type} ${message}`)
  if (isOfKey) return { ...facts, hint: keyHint }
  if (action === undefined && !/^AccessDenied/.test(type)) return facts
  const isExplicit = message.includes('explicit deny')
  return {
    ...facts,
    hint: isExplicit
      ? 'a policy denies it explicitly'
      : 'allow this action in a policy of the role',
  }
}
