import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import { NamedStore, type OpenStore } from '../../../../agent/stores/named-store.ts'
import { AppError } from '../../../../core/errors.ts'
import { Secret } from '../../../../core/secret.ts'
import type { StoreSettings } from '../../../../core/stores/settings/store-settings.ts'
import { createSharedMemory } from '../../../../core/stores/shared-memory.ts'
import type { Store, StoreRead, WatchedSecret } from '../../../../core/stores/store.ts'
import { whole } from '../../../support/scripted-store.ts'
import { silentLogger } from '../../../support/simulation/silent-logger.ts'

function settings(type: StoreSettings['type'], values: Readonly<Record<string, string>> = {}) {
  return { name: 'it', type, values: new Map(Object.entries(values)) }
}

function named(open: OpenStore, given: StoreSettings = settings('aws')): NamedStore {
  const ports = { environment: {}, now: Date.now, logger: silentLogger, userAgent: '' }
  const share = createSharedMemory()
  return new NamedStore({ settings: given, identity: '', refreshMs: undefined, ports, share, open })
}

function asked(path: string): StoreRead {
  return { path, version: undefined, known: undefined }
}

/** Answers each path with itself. */
function echo(batches: string[][] = []): Store {
  return {
    name: 'it',
    read: async (reads) => {
      batches.push(reads.map(({ path }) => path))
      return reads.map(({ path }) => ({ kind: 'read', answer: whole(path) }))
    },
  }
}

describe('reads of one moment', () => {
  test('are one, and each gets its own outcome; those of another moment are another', async () => {
    const batches: string[][] = []
    let opened = 0
    const store = named(async () => {
      opened++
      return echo(batches)
    })
    const first = await Promise.all(['a', 'b', 'c'].map((path) => store.read(asked(path))))
    expect(first.map((outcome) => outcome.kind === 'read' && outcome.answer.content)).toEqual(
      ['a', 'b', 'c'].map((bytes) => ({ kind: 'whole', bytes })),
    )
    await store.read(asked('d'))
    expect(batches).toEqual([['a', 'b', 'c'], ['d']])
    expect(opened).toBe(1)
  })

  test('fail together where the store as a whole does', async () => {
    const error = new AppError('store_unreachable', {})
    const store = named(async () => ({ ...echo(), read: () => Promise.reject(error) }))
    const results = await Promise.allSettled([store.read(asked('a')), store.read(asked('b'))])
    expect(results.map((result) => result.status === 'rejected' && result.reason)).toEqual([
      error,
      error,
    ])
  })

  test('find a store that answers fewer of them out', async () => {
    const store = named(async () => ({ ...echo(), read: async () => [] }))
    await expect(store.read(asked('a'))).rejects.toMatchObject({ code: 'store_answer_invalid' })
  })
})

test('a store is opened with the first request, and anew where that failed', async () => {
  let tries = 0
  const store = named(async () => {
    if (++tries === 1) throw new AppError('config_invalid', {})
    return echo()
  })
  expect(tries).toBe(0)
  await expect(store.read(asked('a'))).rejects.toMatchObject({ code: 'config_invalid' })
  expect((await store.read(asked('a'))).kind).toBe('read')
})

test('what it remembers is its own, and there for whoever keeps it', async () => {
  const store = named(async (_, { memory }) => ({
    ...echo(),
    read: async () => {
      const text = `${memory.recall('keys')?.reveal()}+`
      memory.remember('keys', new Secret(text))
      return [{ kind: 'unchanged' }]
    },
  }))
  store.memory.set('keys', new Secret('kept'))
  await store.read(asked('a'))
  expect(store.memory.get('keys')?.reveal()).toBe('kept+')
})

test('what it cannot it says', async () => {
  const store = named(async () => echo())
  await expect(store.list('')).rejects.toMatchObject({ code: 'store_incapable' })
  await expect(store.renew('l')).rejects.toMatchObject({ code: 'store_incapable' })
})

test('a list is made of the names below a path', async () => {
  const store = named(async () => ({
    ...echo(),
    list: async ({ prefix = '' }) => ({
      entries: ['p/a', 'p/b/c', 'p/b/d'].map((path) => ({ path })),
      isCapped: prefix !== 'p/',
    }),
  }))
  const { data } = await store.list('p')
  expect(data?.get('keys')).toEqual(['a', 'b/'])
})

describe('a watch', () => {
  const at = (path: string, known?: string): WatchedSecret => ({ path, known })
  function watched(isLive = () => true) {
    const watches: { secrets: readonly WatchedSecret[]; isOpen: boolean }[] = []
    let tell: (path: string) => void = () => undefined
    const watch: Store['watch'] = (secrets, changed) => {
      const one = { secrets, isOpen: true }
      watches.push(one)
      tell = changed
      return {
        isLive,
        close: () => {
          one.isOpen = false
        },
      }
    }
    const open = async () => ({ ...echo(), watch })
    return { store: named(open, settings('k8s')), watches, tell: (path: string) => tell(path) }
  }

  test('is of the paths that are wanted, opened once, and closed for others', async () => {
    const { store, watches, tell } = watched()
    const changes: string[] = []
    const note = (path: string) => void changes.push(path)
    store.watch([at('a'), at('b', '1')], note)
    store.watch([at('a', '2'), at('b')], note)
    expect(store.isWatching).toBe(true)
    await setImmediate()
    expect(store.isWatched('a')).toBe(true)
    expect(store.isWatched('c')).toBe(false)
    tell('a')
    expect(changes).toEqual(['a'])
    store.watch([at('a', '3')], note)
    await setImmediate()
    expect(watches).toEqual([
      { secrets: [at('a'), at('b', '1')], isOpen: false },
      { secrets: [at('a', '3')], isOpen: true },
    ])
    await store.close()
    expect(watches[1]?.isOpen).toBe(false)
    expect(store.isWatching).toBe(false)
  })

  test('that hears nothing makes no secret a watched one', async () => {
    const { store } = watched(() => false)
    store.watch([at('a')], () => undefined)
    await setImmediate()
    expect(store.isWatched('a')).toBe(false)
  })

  test('is not for stores that do not tell, or must not', async () => {
    const { store } = watched()
    expect(store.canWatch).toBe(true)
    expect(named(async () => echo()).canWatch).toBe(false)
    expect(named(async () => echo(), settings('k8s', { watch: 'False' })).canWatch).toBe(false)
  })

  test('that cannot be opened is tried again', async () => {
    let tries = 0
    const store = named(async () => {
      tries++
      throw new AppError('tls_invalid', {})
    }, settings('k8s'))
    store.watch([at('a')], () => undefined)
    await setImmediate()
    expect(store.isWatching).toBe(false)
    store.watch([at('a')], () => undefined)
    await setImmediate()
    expect(tries).toBe(2)
  })
})
