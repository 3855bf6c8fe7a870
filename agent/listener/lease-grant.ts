/** What of a store's answer makes it worth keeping: a lease or a token that can be renewed. */

import type { RawExchange } from '../../core/http/exchange.ts'
import { parseJson } from '../../core/json.ts'
import { parseEnvelope } from '../../core/vault/envelope.ts'

export type Grant =
  | { readonly kind: 'lease'; readonly leaseId: string; readonly ttlMs: number }
  | {
      readonly kind: 'token'
      readonly token: string
      readonly accessor: string
      /** Survives the token that asked for it. */
      readonly orphan: boolean
      readonly ttlMs: number
    }

/** Larger answers hold no lease. */
const largestBytes = 1024 * 1024

/** Undefined for what is not kept: no lease, one that cannot be renewed, a wrapped answer, a failure. */
export function readGrant({ status, body }: RawExchange): Grant | undefined {
  if (status < 200 || status > 299 || body.length > largestBytes) return undefined
  // Most answers have neither; parsing them would be in vain.
  if (!body.includes('"renewable"') || !body.includes('"lease_duration"')) return undefined
  const envelope = parseBody(body)
  if (envelope === undefined) return undefined
  const { auth, leaseId, leaseDuration, renewable, wrapInfo } = parseEnvelope(envelope)
  if (wrapInfo !== undefined) return undefined
  if (auth !== undefined) {
    const { clientToken: token, accessor } = auth
    if (!auth.renewable || auth.leaseDuration <= 0 || token === '') return undefined
    const granted = envelope.get('auth')
    const orphan = granted instanceof Map && granted.get('orphan') === true
    return { kind: 'token', token, accessor, orphan, ttlMs: auth.leaseDuration * 1000 }
  }
  if (!renewable || leaseId === '' || leaseDuration <= 0) return undefined
  return { kind: 'lease', leaseId, ttlMs: leaseDuration * 1000 }
}

function parseBody(body: Buffer) {
  try {
    const parsed = parseJson(body.toString('utf8'))
    return parsed instanceof Map ? parsed : undefined
  } catch {
    return undefined
  }
}
