/** Peers that are servers of their own, where a fault is begun and ended instead of answered. */

import type { FaultName, PeerFeatures, RunningPeer, StorePeer } from './store-peer.ts'
import { openTestStore } from './store-ports.ts'

export interface PeerServer extends Pick<RunningPeer, 'put' | 'look' | 'remove' | 'stop'> {
  /** That lead a store to it. */
  readonly settings: ReadonlyMap<string, string>
  readonly environment?: Readonly<Record<string, string>>
  readonly faults: ReadonlyMap<FaultName, ServerFault>
}

export interface ServerFault {
  readonly begin: () => Promise<void> | void
  readonly end: () => Promise<void> | void
}

export interface ServerPeerOptions extends Pick<StorePeer, 'type' | 'faults'> {
  readonly features: PeerFeatures
  readonly start: () => Promise<PeerServer>
}

export function createServerPeer({ type, features, faults, start }: ServerPeerOptions): StorePeer {
  return {
    type,
    features,
    faults,
    start: async () => {
      const server = await start()
      const { settings, environment = {}, put, look, remove, stop } = server
      let current: ServerFault | undefined
      return {
        open: (changes = new Map()) =>
          openTestStore(type, new Map([...settings, ...changes]), { environment }),
        ...{ put, look, remove, stop },
        inject: async (fault) => {
          await current?.end()
          current = fault === undefined ? undefined : server.faults.get(fault)
          await current?.begin()
        },
      }
    },
  }
}
