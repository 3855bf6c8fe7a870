/**
 * What every store must do, as tests that run against fakes and real servers alike. All stores have the same tests by the same
 * names; one that a store or its service cannot pass by nature is skipped by what they declare.
 */
import { describe, expect } from '@jest/globals'
import { storeTypes } from '../../../core/stores/settings/store-types.ts'
import type { Capability } from '../../../core/stores/store.ts'
import { registerFaults } from './contract-faults.ts'
import { registerListing } from './contract-listing.ts'
import { registerReading } from './contract-reading.ts'
import { type Scene, useScene } from './contract-scene.ts'
import { registerWriting } from './contract-writing.ts'
import { contractHeading } from './left-out.ts'
import type { StorePeer } from './store-peer.ts'

/** Registers the contract's tests in the calling file; `title` names type and server, such as `db on PostgreSQL`. */
export function describeStoreContract(title: string, peer: StorePeer): void {
  describe(`${contractHeading}${title}`, () => registerTests(useScene(peer)))
}

/** The names of all tests, in their order; a peer that lacks what one needs is left out of it. */
export function listContractTests(peer: StorePeer): readonly string[] {
  const names: string[] = []
  const refuse = () => {
    throw new Error('nothing runs')
  }
  const scene = { peer, running: refuse, open: refuse, fresh: refuse }
  registerTests({ ...scene, test: (name) => names.push(name) })
  return names
}

function registerTests(scene: Scene): void {
  registerDeclarations(scene)
  registerReading(scene)
  registerListing(scene)
  registerWriting(scene)
  registerFaults(scene)
}

const operations: readonly Capability[] = [
  ...(['list', 'write', 'delete', 'restore', 'history', 'rotate', 'watch'] as const),
]

function registerDeclarations({ peer, open, test }: Scene): void {
  test('has the operations that its type declares and no others', {}, async () => {
    const store = await open()
    const capabilities: readonly Capability[] = storeTypes[peer.type].capabilities
    const present = operations.filter((operation) => store[operation] !== undefined)
    expect(present).toEqual(operations.filter((operation) => capabilities.includes(operation)))
    expect(store.name).toBe(peer.type)
  })
}
