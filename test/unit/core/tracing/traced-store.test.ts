/** A store whose operations are recorded is the store that it was. */
import { describe, expect, test } from '@jest/globals'
import { AppError } from '../../../../core/errors.ts'
import type { Store } from '../../../../core/stores/store.ts'
import { storedAnswer } from '../../../../core/stores/stored-answer.ts'
import { traceStore } from '../../../../core/tracing/traced-store.ts'
import { filePeer } from '../../../support/stores/file-peer.ts'
import { describeStoreContract } from '../../../support/stores/store-contract.ts'
import type { StorePeer } from '../../../support/stores/store-peer.ts'
import { createRecorder, seen } from '../../../support/tracing.ts'

const nameSecret = ({
  store = '',
  path,
  version,
}: {
  store?: string
  path: string
  version?: string
}) => `${store}:${path}${version === undefined ? '' : `@${version}`}`

const tracedPeer: StorePeer = {
  ...filePeer,
  start: async () => {
    const scene = await filePeer.start()
    const tracer = createRecorder()
    return {
      ...scene,
      open: async (...given) =>
        traceStore(await scene.open(...given), { type: 'file', tracer, nameSecret }),
    }
  },
}
describeStoreContract('a traced file store', tracedPeer)

const answer = storedAnswer({ content: { kind: 'whole', bytes: 'canary' } })
const whole: Store = {
  name: 's',
  read: async (reads) =>
    reads.map(({ path }) => {
      if (path === 'same') return { kind: 'unchanged' }
      if (path === 'gone') return { kind: 'failed', error: new AppError('secret_missing') }
      return { kind: 'read', answer }
    }),
  list: async () => ({ entries: [{ path: 'a' }, { path: 'b' }], isCapped: false }),
  write: async () => 'v2',
  delete: async () => Promise.reject(new AppError('store_refused', { status: 403 })),
  restore: async () => undefined,
  rotate: async () => undefined,
  history: async () => [],
  watch: () => ({ isLive: () => true, close: () => undefined }),
  renew: async () => 60,
}
const place = { 'claviger.store.name': 's', 'claviger.store.type': 'aws' }
const one = { ...place, 'claviger.secret.references': ['s:a'], 'claviger.secret.count': 1 }
const ok = { 'claviger.outcome': 'ok' }

function open(store: Store) {
  const recorder = createRecorder()
  const traced = traceStore(store, { type: 'aws', tracer: recorder, nameSecret })
  return { traced, spans: () => recorder.take().spans.map(seen) }
}

const readOf = (path: string, version?: string) => ({ path, version, known: undefined })
const content = { kind: 'whole', bytes: Buffer.from('canary') } as const

describe('a store', () => {
  test('has a span for each operation', async () => {
    const { traced, spans } = open(whole)
    await traced.read([readOf('a', '7')])
    await traced.list?.({ limit: 10 })
    expect(await traced.write?.({ path: 'a', content })).toBe('v2')
    await expect(traced.delete?.('a', { isFinal: true })).rejects.toThrow(AppError)
    await traced.restore?.('a')
    await traced.rotate?.('a', { isImmediate: true })
    await traced.history?.('a')
    const all = spans()
    expect(all).toEqual([
      { name: 'read_secret', ...one, ...ok, 'claviger.secret.references': ['s:a@7'] },
      { name: 'list_secrets', ...place, ...ok, 'claviger.secret.count': 2 },
      { name: 'write_secret', ...one, ...ok },
      { name: 'delete_secret', ...one, 'claviger.outcome': 'failed', error: 'store_refused' },
      { name: 'restore_secret', ...one, ...ok },
      { name: 'rotate_secret', ...one, ...ok },
      { name: 'secret_history', ...one, ...ok },
    ])
    expect(JSON.stringify(all)).not.toContain('canary')
  })

  test('says which of several failed', async () => {
    const { traced, spans } = open(whole)
    const outcomes = await traced.read(['a', 'gone', 'same'].map((path) => readOf(path)))
    expect(outcomes.map(({ kind }) => kind)).toEqual(['read', 'failed', 'unchanged'])
    expect(spans()).toEqual([
      {
        name: 'read_secret',
        ...place,
        'claviger.secret.references': ['s:a', 's:gone', 's:same'],
        'claviger.secret.count': 3,
        'claviger.secret.failed': 1,
        'claviger.secret.unchanged': 1,
        'claviger.outcome': 'partial',
        error: 'secret_missing',
        failures: [{ reference: 's:gone', code: 'secret_missing' }],
      },
    ])
  })

  test('names fifty and counts the rest', async () => {
    const { traced, spans } = open(whole)
    await traced.read(Array.from({ length: 60 }, (_, index) => readOf(String(index))))
    const [span] = spans()
    expect(span?.['claviger.secret.references']).toHaveLength(50)
    expect(span?.['claviger.secret.count']).toBe(60)
  })

  test('lacks what it lacked, and keeps what is not recorded', async () => {
    const { name, read, watch, renew } = whole
    const bare: Store = { name, read, ...(watch && { watch }), ...(renew && { renew }) }
    const { traced, spans } = open(bare)
    expect(Object.keys(traced).toSorted()).toEqual(['name', 'read', 'renew', 'watch'])
    expect(traced.watch?.([], () => undefined).isLive()).toBe(true)
    expect(await traced.renew?.('lease')).toBe(60)
    expect(spans()).toEqual([])
  })
})
