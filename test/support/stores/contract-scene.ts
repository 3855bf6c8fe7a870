/** What the tests of the contract share: a running peer, names of their own, and stores that are closed with the test. */
import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { storeTypes } from '../../../core/stores/settings/store-types.ts'
import type { Capability, ReadOutcome, Store } from '../../../core/stores/store.ts'
import { leftOutTitle } from './left-out.ts'
import { type Seen, seenBytes, seenOutcome } from './seen-content.ts'
import type { FaultName, RunningPeer, StorePeer } from './store-peer.ts'

export interface Scene {
  readonly peer: StorePeer
  /** The peer, once tests run. */
  readonly running: () => RunningPeer
  /** Closed after the test. */
  readonly open: () => Promise<Store>
  /** A name that no other test uses. */
  readonly fresh: (about: string) => string
  /** A test that there is only where the store has everything that it needs. */
  readonly test: (name: string, needs: Needs, body: () => Promise<void>) => void
}

export interface Needs {
  readonly capabilities?: readonly Capability[]
  readonly faults?: readonly FaultName[]
  /** Of the service. */
  readonly isGiven?: boolean
}

/** In every secret of the contract: no error may have it. */
export const marker = 'marker-5f1c'

/** For the tests of the describe block in which it is called. */
export function useScene(peer: StorePeer): Scene {
  let started: RunningPeer | undefined
  const opened: Store[] = []
  const running = () => {
    if (started === undefined) throw new Error('the peer has not been started')
    return started
  }
  beforeAll(async () => {
    started = await peer.start()
  })
  afterEach(async () => {
    await started?.inject?.(undefined)
    await Promise.all(opened.splice(0).map((store) => store.close?.()))
  })
  afterAll(() => started?.stop())
  return {
    peer,
    running,
    open: async () => {
      const store = await running().open()
      opened.push(store)
      return store
    },
    fresh: (about) => `${peer.features.pathPrefix ?? ''}${freshPath(about)}`,
    test: (name, needs, body) => {
      const reason = whyLeftOut(peer, name, needs)
      if (reason === undefined) test(name, body)
      // Said in the results, of which test/contract makes its table.
      else if (process.env['STORE_CONTRACT'] === 'matrix')
        test.skip(leftOutTitle(name, reason), body)
    },
  }
}

/** What a peer lacks for a test; undefined: nothing. */
function whyLeftOut(peer: StorePeer, name: string, needs: Needs): string | undefined {
  const capabilities: readonly Capability[] = storeTypes[peer.type].capabilities
  const lacking = needs.capabilities?.find((capability) => !capabilities.includes(capability))
  if (lacking !== undefined) return lacking
  const flaw = peer.flaws?.get(name)
  if (flaw !== undefined) return `server: ${flaw}`
  if (needs.isGiven === false) return 'nature'
  const absent = needs.faults?.find((fault) => !peer.faults.includes(fault))
  return absent === undefined ? undefined : `fault ${absent}`
}

/** A name that every service can have and that no other test uses. */
export function freshPath(about: string): string {
  return `contract-${about}-${randomBytes(5).toString('hex')}`
}

export function textBytes(text: string): Uint8Array {
  return Buffer.from(text)
}

export function seenText(text: string): Seen {
  return seenBytes(textBytes(text))
}

export interface ReadOptions {
  readonly version?: string
  readonly known?: string
  readonly signal?: AbortSignal
}

/** One secret; the outcome of a call that rejects is what it rejects with. */
export async function readOne(
  store: Store,
  path: string,
  { version, known, signal }: ReadOptions = {},
): Promise<ReadOutcome> {
  const outcomes = await store.read([{ path, version, known }], signal)
  const [outcome] = outcomes
  if (outcome === undefined || outcomes.length > 1) throw new Error('not one outcome')
  if (outcome.kind === 'failed') expect(outcome.error.message).not.toContain(marker)
  return outcome
}

export async function seeOne(
  store: Store,
  path: string,
  options?: ReadOptions,
): Promise<Seen | string> {
  return seenOutcome(await readOne(store, path, options))
}

/** The code of what `call` rejects with, `none` where it does not. */
export async function codeOf(call: Promise<unknown> | undefined): Promise<unknown> {
  try {
    await call
    return 'none'
  } catch (thrown) {
    expect(String(thrown)).not.toContain(marker)
    return thrown instanceof Error && 'code' in thrown ? thrown.code : thrown
  }
}
