/** What runs of the stores' contract have found, as docs/store-contract.json keeps it. */
import { contractHeading, readTitle } from '../support/stores/left-out.ts'

export interface ContractRecord {
  readonly version: 1
  readonly peers: readonly PeerRecord[]
}

export interface PeerRecord {
  /** As the test file names it: the type, then the server, such as `db on SQLite`. */
  readonly title: string
  /** The day of the run. */
  readonly taken: string
  /** By the test's name. */
  readonly outcomes: Readonly<Record<string, Outcome>>
}

/** `passed`, `failed`, or what the peer lacks for it: a capability, `fault NAME`, `nature`, or `server: WHY`. */
export type Outcome = string

/** The part of jest's JSON that is read. */
export interface JestResults {
  readonly testResults: readonly { readonly assertionResults: readonly JestAssertion[] }[]
}

interface JestAssertion {
  readonly ancestorTitles: readonly string[]
  readonly title: string
  readonly status: string
}

/** The contract's peers among the results; other tests of the same files are passed over. */
export function readRecords({ testResults }: JestResults, taken: string): readonly PeerRecord[] {
  const found = new Map<string, Map<string, Outcome>>()
  for (const { ancestorTitles, title, status } of testResults.flatMap(
    ({ assertionResults }) => assertionResults,
  )) {
    const [heading = ''] = ancestorTitles
    const { name, reason } = readTitle(title)
    // Without a reason, pending is what the pattern of the run left out.
    const outcome = reason ?? (status === 'pending' ? undefined : status)
    if (!heading.startsWith(contractHeading) || outcome === undefined) continue
    const peer = heading.slice(contractHeading.length)
    const outcomes = found.get(peer) ?? new Map<string, Outcome>()
    found.set(peer, outcomes.set(name, outcome))
  }
  return Array.from(found, ([title, outcomes]) => ({
    title,
    taken,
    outcomes: Object.fromEntries(outcomes),
  }))
}

/** With `fresh` in place of what was kept by the same titles, ordered by `titles`; what is not among them is dropped. */
export function mergeRecords(
  kept: ContractRecord,
  fresh: readonly PeerRecord[],
  titles: readonly string[],
): ContractRecord {
  const find = (title: string) => [...fresh, ...kept.peers].find((peer) => peer.title === title)
  return { version: 1, peers: titles.flatMap((title) => find(title) ?? []) }
}
