/** A store's answer as the Go value that templates see, `*dependency.Secret`. */
import type { JsonValue } from '../json.ts'
import { compareBytes, toByteString } from './byte-string.ts'
import { FunctionError } from './functions/function.ts'
import { fromIssued } from './issued-certificate.ts'
import { readAnswer } from './secret-data.ts'
import type { SecretAnswer, SecretAuth, SecretRequest, SecretWrapInfo } from './secret-request.ts'
import { type Instant, timeValue, zeroInstant } from './time/instant.ts'
import { rfc3339 } from './time/layout.ts'
import { parseTime } from './time/parse.ts'
import {
  anyMapType,
  type ConcreteValue,
  type GoMap,
  type GoPointer,
  type GoSlice,
  type GoStruct,
  type GoType,
  int,
  type StructType,
  stringList,
  type Value,
  zeroOf,
} from './values.ts'

const authType = structType('dependency.SecretAuth', [
  ['ClientToken', 'string'],
  ['Accessor', 'string'],
  ['Policies', '[]string'],
  ['Metadata', 'map[string]string'],
  ['LeaseDuration', 'int'],
  ['Renewable', 'bool'],
])

const wrapInfoType = structType('dependency.SecretWrapInfo', [
  ['Token', 'string'],
  ['TTL', 'int'],
  ['CreationTime', 'time.Time'],
  ['WrappedAccessor', 'string'],
])

/** Source: consul-template's dependency.Secret. */
export const secretType = structType('dependency.Secret', [
  ['RequestID', 'string'],
  ['LeaseID', 'string'],
  ['LeaseDuration', 'int'],
  ['Renewable', 'bool'],
  ['Data', anyMapType],
  ['Warnings', '[]string'],
  ['Auth', '*dependency.SecretAuth'],
  ['WrapInfo', '*dependency.SecretWrapInfo'],
])

function structType(name: GoType, fields: readonly (readonly [string, GoType])[]): StructType {
  return { name, fields: new Map(fields) }
}

/** The answer as the function that asked for it returns it. Throws `FunctionError` for an answer of another kind. */
export function fromAnswer(
  request: SecretRequest,
  answer: SecretAnswer,
  now: number | undefined,
): ConcreteValue {
  if (request.kind === 'list') return fromList(request.path, answer)
  if (request.kind !== 'pki') return fromSecret(answer)
  if (!isNothing(answer)) return fromIssued(answer, now)
  throw new FunctionError('no secret exists at ', { value: toByteString(request.path) })
}

/** Names in the order of their bytes. Source: consul-template's dependency/vault_list.go. */
function fromList(path: string, { data }: SecretAnswer): GoSlice {
  const keys = data?.get('keys')
  if (keys === undefined) return { kind: 'slice', type: '[]string', items: [], isNil: true }
  const fail = (reason: string): never => {
    throw new FunctionError('vault.list(', { value: toByteString(path) }, `): ${reason}`)
  }
  if (!Array.isArray(keys)) return fail('unexpected response')
  const names = keys.map((key: JsonValue) => {
    if (typeof key === 'string') return toByteString(key)
    return fail('non-string in list')
  })
  return stringList(names.toSorted(compareBytes))
}

/** True for the answer that a store gives to what it has nothing to say to: a write that was merely done. */
function isNothing(answer: SecretAnswer): boolean {
  const { requestId, leaseId, data, auth, wrapInfo, content } = answer
  const isEmpty = requestId === '' && leaseId === '' && data === null && content === undefined
  return isEmpty && auth === undefined && wrapInfo === undefined
}

/** Strings become byte strings, numbers json.Number; an answer without content is a nil pointer. */
function fromSecret(answer: SecretAnswer): GoPointer {
  if (isNothing(answer)) return { kind: 'pointer', structType: secretType, target: undefined }
  return pointerTo(secretType, [
    toByteString(answer.requestId),
    toByteString(answer.leaseId),
    int(answer.leaseDuration),
    answer.renewable,
    readAnswer(answer) ?? zeroOf(anyMapType),
    listOrNil(answer.warnings),
    fromAuth(answer.auth),
    fromWrapInfo(answer.wrapInfo),
  ])
}

const metadataType = 'map[string]string'

/** Absent and empty lists are the same to the store. */
function listOrNil(texts: readonly string[]): Value {
  return texts.length === 0 ? zeroOf('[]string') : stringList(texts.map(toByteString))
}

function fromAuth(auth: SecretAuth | undefined): GoPointer {
  if (auth === undefined) return { kind: 'pointer', structType: authType, target: undefined }
  const metadata = Array.from(
    auth.metadata,
    ([key, value]) => [toByteString(key), toByteString(value)] as const,
  )
  return pointerTo(authType, [
    toByteString(auth.clientToken),
    toByteString(auth.accessor),
    listOrNil(auth.policies),
    metadata.length === 0
      ? zeroOf(metadataType)
      : { kind: 'map', type: metadataType, entries: new Map(metadata) },
    int(auth.leaseDuration),
    auth.renewable,
  ])
}

function fromWrapInfo(info: SecretWrapInfo | undefined): GoPointer {
  if (info === undefined) return { kind: 'pointer', structType: wrapInfoType, target: undefined }
  return pointerTo(wrapInfoType, [
    toByteString(info.token),
    int(info.ttl),
    timeValue(creationTime(info.creationTime)),
    toByteString(info.wrappedAccessor),
  ])
}

/** Go's zero time where the text is no time. */
function creationTime(text: string): Instant {
  try {
    return parseTime(rfc3339, toByteString(text))
  } catch (thrown) {
    if (thrown instanceof FunctionError) return zeroInstant
    throw thrown
  }
}

/** `secret` with other data, or a secret that has this data and nothing else. */
export function secretOf(data: GoMap, secret?: GoStruct): GoPointer {
  if (secret === undefined) {
    const others = [zeroOf('[]string'), fromAuth(undefined), fromWrapInfo(undefined)]
    return pointerTo(secretType, ['', '', int(0), false, data, ...others])
  }
  const fields = new Map(secret.fields).set('Data', data)
  return { kind: 'pointer', structType: secretType, target: { ...secret, fields } }
}

function pointerTo(structType: StructType, values: readonly Value[]): GoPointer {
  const fields = new Map(
    Array.from(structType.fields.keys(), (name, index) => [name, values[index]] as const),
  )
  return { kind: 'pointer', structType, target: { kind: 'struct', structType, fields } }
}
