/** One login for all stores of a process that are the same to a cloud. */
import type { TimedKeys } from '../cloud/aws-keys.ts'
import type { CloudToken } from '../cloud/cloud-token.ts'
import type { Secret } from '../secret.ts'
import { createFlight } from '../single-flight.ts'
import type { StoreMemory } from './store.ts'

/** Makes the memory of one store out of what it keeps for itself. */
export type ShareMemory = (own: Map<string, Secret>) => StoreMemory

/** Each store keeps a copy of what it uses: what is kept of one that is gone goes with it. */
export function createSharedMemory(): ShareMemory {
  const all: Map<string, Secret>[] = []
  const flights = { keys: createFlight<TimedKeys>(), tokens: createFlight<CloudToken>() }
  return (own) => {
    all.push(own)
    return {
      flights,
      recall: (key) => {
        const known = own.get(key) ?? all.find((each) => each.has(key))?.get(key)
        if (known !== undefined) own.set(key, known)
        return known
      },
      remember: (key, text) => {
        own.set(key, text)
        for (const each of all) if (each.has(key)) each.set(key, text)
      },
    }
  }
}
