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
import type { StorePeer } from './store-peer.ts'

/** Registers the contract's tests in the calling file; `title` names type and server, such as `db on PostgreSQL`. */
export function describeStoreContract(title: string, peer: StorePeer): void {
  describe(`store contract: ${title}`, () => {
    const scene = useScene(peer)
    registerDeclarations(scene)
    registerReading(scene)
    registerListing(scene)
    registerWriting(scene)
    registerFaults(scene)
  })
}

const operations: readonly Capability[] = [
  ...(['list', 'write', 'delete', 'restore', 'history', 'watch'] as const),
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
