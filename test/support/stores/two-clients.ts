/** A service as two clients of it see it, ours and the vendor's own: a fake that both agree with is worth something. */
import { beforeAll, describe, expect, test } from '@jest/globals'
import type { Store } from '../../../core/stores/store.ts'
import { freshPath, readOne } from './contract-scene.ts'
import type { FaultName } from './store-peer.ts'

export interface ClientView {
  /** The version's name. */
  readonly write: (name: string, bytes: Uint8Array) => Promise<string>
  readonly read: (name: string, version?: string) => Promise<SeenVersion>
  readonly list: (prefix: string) => Promise<readonly string[]>
  /** Newest first. */
  readonly versions: (name: string) => Promise<readonly SeenState[]>
  readonly remove: (name: string) => Promise<void>
  readonly restore?: (name: string) => Promise<void>
}

export interface SeenVersion {
  readonly text: string
  readonly version: string
}

export interface SeenState {
  readonly version: string
  readonly isEnabled: boolean
}

/** What a client fails with, in words that both have. */
export type Failure = 'missing' | 'refused' | 'busy'

export interface TwoClients {
  readonly ours: ClientView
  readonly vendors: ClientView
  /** Of what the vendor's client rejects with. */
  readonly failureOf: (thrown: unknown) => Failure | undefined
  readonly inject: (fault: FaultName | undefined) => void
}

const failures: Readonly<Record<string, Failure>> = {
  secret_missing: 'missing',
  store_refused: 'refused',
  store_busy: 'busy',
}

/** Registers the tests of both in the calling file. */
export function describeTwoClients(title: string, start: () => Promise<TwoClients>): void {
  let clients: TwoClients
  beforeAll(async () => {
    clients = await start()
  })
  const sides = ['ours', 'vendors'] as const
  const pairs = sides.flatMap((writer) => sides.map((reader) => [writer, reader] as const))
  const texts = ['plain', 'Grüße 🔑\n', '{"user":"app","password":"x"}', 'x'.repeat(20_000)]

  describe.each(pairs)(`${title}: what %s writes, %s sees`, (writerName, readerName) => {
    const pair = () => ({ writer: clients[writerName], reader: clients[readerName] })

    test('the values', async () => {
      const { writer, reader } = pair()
      for (const text of texts) {
        const name = freshPath('two')
        const version = await writer.write(name, Buffer.from(text))
        expect(await reader.read(name)).toEqual({ text, version })
      }
    })

    test('older versions', async () => {
      const { writer, reader } = pair()
      const name = freshPath('two')
      const first = await writer.write(name, Buffer.from('one'))
      const second = await writer.write(name, Buffer.from('two'))
      expect(await reader.read(name, first)).toEqual({ text: 'one', version: first })
      expect(await reader.read(name)).toEqual({ text: 'two', version: second })
      expect(await reader.versions(name)).toEqual([
        { version: second, isEnabled: true },
        { version: first, isEnabled: true },
      ])
    })

    test('lists of several pages', async () => {
      const { writer, reader } = pair()
      const base = freshPath('page')
      const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((letter) => `${base}-${letter}`)
      for (const name of names) await writer.write(name, Buffer.from('x'))
      expect(await reader.list(base)).toEqual(names)
    })

    test('what is gone, and what comes back', async () => {
      const { writer, reader } = pair()
      const name = freshPath('gone')
      await writer.write(name, Buffer.from('here'))
      await writer.remove(name)
      expect(await failureOf(reader.read(name))).toBe('missing')
      if (writer.restore === undefined) return
      await writer.restore(name)
      expect(await reader.read(name)).toMatchObject({ text: 'here' })
    })
  })

  const faults: readonly (readonly [FaultName, Failure])[] = [
    ['throttled', 'busy'],
    ['failing', 'busy'],
    ['denied', 'refused'],
  ]
  describe.each(sides)(`${title}: %s sees`, (side) => {
    test.each(faults)('%s as %s', async (fault, failure) => {
      const name = freshPath('fault')
      await clients[side].write(name, Buffer.from('x'))
      clients.inject(fault)
      const seen = await failureOf(clients[side].read(name))
      clients.inject(undefined)
      expect(seen).toBe(failure)
    })

    test('what was never there as missing', async () => {
      expect(await failureOf(clients[side].read(freshPath('never')))).toBe('missing')
    })
  })

  const failureOf = async (call: Promise<unknown>) => {
    try {
      return JSON.stringify(await call)
    } catch (thrown) {
      const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
      return failures[code] ?? clients.failureOf(thrown) ?? thrown
    }
  }
}

/** Our side, through the interface that its hosts have. */
export function viewStore(store: Store): ClientView {
  const { write, list, history, restore } = store
  if (write === undefined || list === undefined || history === undefined) {
    throw new Error('a store that cannot write, list or tell its history')
  }
  return {
    write: async (path, bytes) => (await write({ path, content: { kind: 'whole', bytes } })) ?? '',
    read: async (path, version) => {
      const outcome = await readOne(store, path, version === undefined ? {} : { version })
      if (outcome.kind === 'failed') throw outcome.error
      const { content, version: seen = '' } = outcome.kind === 'read' ? outcome.answer : {}
      const bytes = content?.kind === 'whole' ? content.bytes : ''
      return { text: Buffer.from(bytes, 'latin1').toString('utf8'), version: seen }
    },
    list: async (prefix) => {
      const { entries } = await list({ prefix, limit: 100 })
      return entries.map(({ path }) => path)
    },
    versions: async (path) => {
      const entries = await history(path)
      return entries.map(({ version, state }) => ({ version, isEnabled: state === 'enabled' }))
    },
    remove: async (path) => store.delete?.(path, { isFinal: false }),
    ...(restore === undefined ? {} : { restore }),
  }
}
