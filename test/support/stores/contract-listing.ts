/** The contract's part about listing. */
import { expect } from '@jest/globals'
import type { ListQuery, Store } from '../../../core/stores/store.ts'
import { codeOf, marker, type Scene, textBytes } from './contract-scene.ts'

export function registerListing({ peer, running, open, fresh, test }: Scene): void {
  const capabilities = ['list'] as const
  const { hasTags } = peer.features
  const fill = async (...endings: readonly string[]) => {
    const base = fresh('list')
    for (const ending of endings) await running().put(`${base}-${ending}`, textBytes(marker))
    return base
  }

  test('lists what begins with a prefix', { capabilities }, async () => {
    const base = await fill('a', 'b')
    await fill('a')
    expect(await list(await open(), { prefix: base, limit: 10 })).toEqual({
      paths: [`${base}-a`, `${base}-b`],
      isCapped: false,
    })
  })

  test('lists what fits a glob', { capabilities }, async () => {
    const base = await fill('a-key', 'b-key', 'a-other')
    expect(await list(await open(), { glob: `${base}-*-key`, limit: 10 })).toEqual({
      paths: [`${base}-a-key`, `${base}-b-key`],
      isCapped: false,
    })
  })

  test('lists nothing where nothing fits', { capabilities }, async () => {
    const nothing = { paths: [], isCapped: false }
    expect(await list(await open(), { prefix: fresh('none'), limit: 10 })).toEqual(nothing)
  })

  test('lists no more than it may, and says so', { capabilities }, async () => {
    const base = await fill('a', 'b', 'c')
    const store = await open()
    const some = await list(store, { prefix: base, limit: 2 })
    expect(some.paths).toHaveLength(2)
    expect(some.isCapped).toBe(true)
    expect(await list(store, { prefix: base, limit: 3 })).toMatchObject({ isCapped: false })
  })

  const tagged = { capabilities: ['list', 'write'] as const, isGiven: hasTags }
  test('lists what has tags', tagged, async () => {
    const base = fresh('tags')
    const store = await open()
    const content = { kind: 'whole', bytes: textBytes(marker) } as const
    const tags = [
      ['a', new Map([['team', base]])],
      [
        'b',
        new Map([
          ['team', base],
          ['stage', 'test'],
        ]),
      ],
      ['c', new Map()],
    ] as const
    for (const [ending, given] of tags) {
      await store.write?.({ path: `${base}-${ending}`, content, tags: new Map(given) })
    }
    const query = { prefix: base, limit: 10 }
    const named = async (wanted: ReadonlyMap<string, string>) =>
      (await list(store, { ...query, tags: wanted })).paths
    expect(await named(new Map([['team', base]]))).toEqual([`${base}-a`, `${base}-b`])
    expect(await named(tags[1][1])).toEqual([`${base}-b`])
  })

  test('says that it has no tags', { capabilities, isGiven: !hasTags }, async () => {
    const store = await open()
    expect(await codeOf(store.list?.({ tags: new Map([['a', 'b']]), limit: 1 }))).toBe(
      'input_invalid',
    )
  })
}

async function list(store: Store, query: ListQuery) {
  const listing = await store.list?.(query)
  return {
    paths: listing?.entries.map(({ path }) => path).toSorted(),
    isCapped: listing?.isCapped,
  }
}
