/** What spans say of secrets: their names and numbers, never what they hold. */
import type { SecretRequest } from '../template/secret-request.ts'
import type { Attributes, Operation } from './recorder.ts'
import type { OperationName } from './span-table.ts'

/** What a span calls a secret; `store` undefined: the pod's own Vault. */
export type NameSecret = (secret: {
  readonly store?: string
  readonly path: string
  readonly version?: string
}) => string

/** More are only counted. */
const mostNamed = 50

/** Of secrets that are asked for. */
export function attributesOf(references: readonly string[]): Attributes {
  return {
    'claviger.secret.references': references.slice(0, mostNamed),
    'claviger.secret.count': references.length,
  }
}

/** Of what became of them. */
export function outcomeOf(count: number, failed: number): Attributes {
  const some = failed < count ? 'partial' : 'failed'
  return {
    'claviger.secret.count': count,
    ...(failed === 0 ? {} : { 'claviger.secret.failed': failed }),
    'claviger.outcome': failed === 0 ? 'ok' : some,
  }
}

const operations = {
  read: 'read_secret',
  list: 'list_secrets',
  write: 'write_secret',
  pki: 'issue_certificate',
} as const satisfies Readonly<Record<SecretRequest['kind'], OperationName>>

/** What a template asks of the pod's own Vault. */
export function describeRequest(
  request: SecretRequest,
  nameSecret: NameSecret,
): Operation<unknown> {
  const named = attributesOf([nameSecret(request)])
  return {
    name: operations[request.kind],
    attributes: { 'claviger.store.type': 'vault', ...named },
  }
}
