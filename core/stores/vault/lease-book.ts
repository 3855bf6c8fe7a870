/** Which leases the current token of a login made: Vault revokes a lease with the token that made it. */
import { JsonNumber, type JsonValue, parseJson, stringifyJson } from '../../json.ts'
import { Secret } from '../../secret.ts'
import type { StoreMemory } from '../store.ts'

export interface LeaseBook {
  /** A lease of the current token. */
  readonly add: (leaseId: string) => void
  /** When a lease ends at the latest, milliseconds since the epoch; `currentEnd` is the end of the current token. */
  readonly endOf: (leaseId: string, currentEnd: number) => number
  /** Another token has taken the place of one that ends at `formerEnd`. */
  readonly turn: (formerEnd: number) => void
}

/** Of one token. An older lease counts as one of the token before, and is replaced. */
const mostLeases = 1000

/** What is kept lies in `memory`, under `key`. */
export function createLeaseBook(memory: StoreMemory, key: string): LeaseBook {
  let { formerEnd, leases } = recallBook(memory.recall(key))
  const keep = () => {
    memory.remember(key, new Secret(stringifyJson([new JsonNumber(String(formerEnd)), leases])))
  }
  return {
    add: (leaseId) => {
      leases = [...leases, leaseId].slice(-mostLeases)
      keep()
    },
    endOf: (leaseId, currentEnd) => (leases.includes(leaseId) ? currentEnd : formerEnd),
    turn: (end) => {
      if (leases.length === 0 && formerEnd === 0) return
      formerEnd = Number.isFinite(end) ? Math.round(end) : 0
      leases = []
      keep()
    },
  }
}

interface Book {
  readonly formerEnd: number
  readonly leases: readonly string[]
}

function recallBook(kept: Secret | undefined): Book {
  const parsed: JsonValue = kept === undefined ? null : parseJson(kept.reveal())
  const [end, leases] = Array.isArray(parsed) ? parsed : []
  return {
    formerEnd: end instanceof JsonNumber ? Number(end.text) : 0,
    leases: Array.isArray(leases) ? leases.filter((lease) => typeof lease === 'string') : [],
  }
}
