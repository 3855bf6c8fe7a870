/** A directory of its own as a store's peer. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StorePeer } from './store-peer.ts'
import { openTestStore } from './store-ports.ts'

export const filePeer: StorePeer = {
  type: 'file',
  features: {
    isBinarySafe: true,
    largestBytes: 16 * 1024 * 1024,
    hasTags: false,
    invalidPath: '../outside',
    renewsCredentials: false,
  },
  faults: [],
  start: async () => {
    const directory = mkdtempSync(join(tmpdir(), 'claviger-file-store-'))
    const at = (path: string) => join(directory, path)
    return {
      open: (changes = new Map()) =>
        openTestStore('file', new Map([['directory', directory], ...changes])),
      put: async (path, bytes) => writeFileSync(at(path), bytes),
      look: async (path) => {
        try {
          return readFileSync(at(path))
        } catch {
          return undefined
        }
      },
      remove: async (path) => rmSync(at(path)),
      stop: async () => rmSync(directory, { recursive: true }),
    }
  },
}
