/** A secret as Handlebars templates see it. */
import { readSecretData } from '../secret-data.ts'
import { anyMap, type GoPointer, indirect, type Value } from '../values.ts'

/** Name → the field of the go engine's value that it shows. `data` and `metadata` come from `Data`. */
const secretFields = new Map([
  ['requestId', 'RequestID'],
  ['leaseId', 'LeaseID'],
  ['leaseDuration', 'LeaseDuration'],
  ['renewable', 'Renewable'],
  ['warnings', 'Warnings'],
])

const authFields = new Map([
  ['clientToken', 'ClientToken'],
  ['accessor', 'Accessor'],
  ['policies', 'Policies'],
  ['metadata', 'Metadata'],
  ['leaseDuration', 'LeaseDuration'],
  ['renewable', 'Renewable'],
])

const wrapFields = new Map([
  ['token', 'Token'],
  ['ttl', 'TTL'],
  ['creationTime', 'CreationTime'],
  ['wrappedAccessor', 'WrappedAccessor'],
])

/** A map with `data` (of KV version 2 the inner one), `metadata` where there is one, the lease, and `auth` and `wrapInfo` where the store gave them. */
export function viewSecret(secret: GoPointer): Value {
  const entries = pick(secret, secretFields)
  const { value: answered } = indirect(secret.target?.fields.get('Data'))
  if (typeof answered === 'object' && answered.kind === 'map') {
    const { data, metadata } = readSecretData(answered)
    entries.set('data', data)
    if (metadata !== undefined) entries.set('metadata', metadata)
  }
  for (const [name, field, fields] of [
    ['auth', 'Auth', authFields],
    ['wrapInfo', 'WrapInfo', wrapFields],
  ] as const) {
    const inner = secret.target?.fields.get(field)
    const isPointer = typeof inner === 'object' && inner.kind === 'pointer'
    if (isPointer && inner.target !== undefined) entries.set(name, anyMap(pick(inner, fields)))
  }
  return anyMap(entries)
}

function pick({ target }: GoPointer, fields: ReadonlyMap<string, string>): Map<string, Value> {
  return new Map(Array.from(fields, ([name, field]) => [name, target?.fields.get(field)] as const))
}
