/** The contract's part about services that do not do their work. */
import { expect } from '@jest/globals'
import {
  codeOf,
  marker,
  readOne,
  type Scene,
  seenText,
  seeOne,
  textBytes,
} from './contract-scene.ts'
import type { FaultName } from './store-peer.ts'

const refusals: readonly (readonly [string, FaultName, string])[] = [
  ['says that it is throttled', 'throttled', 'store_busy'],
  ['says that the service has failed', 'failing', 'store_busy'],
  ['says that it is denied', 'denied', 'store_refused'],
  ['says that an answer makes no sense', 'garbled', 'store_answer_invalid'],
  ['says that nobody answers', 'down', 'store_unreachable'],
]

export function registerFaults(scene: Scene): void {
  const { peer, running, open, fresh, test } = scene
  const { type, features } = peer
  const inject = (fault: FaultName | undefined) => running().inject?.(fault)
  const prepare = async (about: string) => {
    const path = fresh(about)
    await running().put(path, textBytes(marker))
    return { path, store: await open() }
  }

  for (const [name, fault, code] of refusals) {
    test(name, { faults: [fault] }, async () => {
      const { path, store } = await prepare('fault')
      await inject(fault)
      const outcome = await readOne(store, path)
      expect(outcome).toMatchObject({ kind: 'failed', error: { code, facts: { store: type } } })
      await inject(undefined)
      expect(await seeOne(store, path)).toEqual(seenText(marker))
    })
  }

  test('says how long it is throttled', { faults: ['throttled-with-wait'] }, async () => {
    const { path, store } = await prepare('wait')
    await inject('throttled-with-wait')
    expect(await readOne(store, path)).toMatchObject({
      kind: 'failed',
      error: { code: 'store_busy', facts: { retryAfterMs: 7000 } },
    })
  })

  test('answers each of many reads that fail', { faults: ['failing'] }, async () => {
    const { path, store } = await prepare('each')
    await inject('failing')
    const read = { path, version: undefined, known: undefined }
    const outcomes = await store.read([read, { ...read, path: `${path}-other` }, read])
    expect(outcomes.map(({ kind }) => kind)).toEqual(['failed', 'failed', 'failed'])
  })

  const renews = { faults: ['expired'] as const, isGiven: features.renewsCredentials }
  test('gets itself new credentials for expired ones', renews, async () => {
    const { path, store } = await prepare('expired')
    expect(await seeOne(store, path)).toEqual(seenText(marker))
    await inject('expired')
    // A store may hold the old ones for the step in which it learns of it, never for longer.
    const first = await seeOne(store, path)
    const second = await seeOne(store, path)
    expect([first, second]).toContainEqual(seenText(marker))
    expect(second).toEqual(seenText(marker))
  })

  const keeps = { faults: ['expired'] as const, isGiven: !features.renewsCredentials }
  test('says that its credentials are over', keeps, async () => {
    const { path, store } = await prepare('expired')
    await inject('expired')
    const codes = ['store_refused', 'token_invalid', 'credentials_unavailable', 'login_refused']
    expect(codes).toContain(await seeOne(store, path))
  })

  test('ends when it is told to', { faults: ['hanging'] }, async () => {
    const { path, store } = await prepare('hanging')
    await inject('hanging')
    const ending = new AbortController()
    const pending = endOf(readOne(store, path, { signal: ending.signal }))
    setImmediate(() => ending.abort())
    expect(await pending).not.toBe('read')
  })

  test('asks nothing when it was told to end before', {}, async () => {
    const { path, store } = await prepare('ended')
    expect(await endOf(readOne(store, path, { signal: AbortSignal.abort() }))).not.toBe('read')
    expect(await seeOne(store, path)).toEqual(seenText(marker))
  })

  test('writes fail as reads do', { capabilities: ['write'], faults: ['denied'] }, async () => {
    const { path, store } = await prepare('write')
    await inject('denied')
    const content = { kind: 'whole', bytes: textBytes(`${marker} new`) } as const
    expect(await codeOf(store.write?.({ path, content }))).toBe('store_refused')
    await inject(undefined)
    expect(await seeOne(store, path)).toEqual(seenText(marker))
  })
}

/** `read`, `failed` or `rejected`. */
async function endOf(call: Promise<{ readonly kind: string }>): Promise<string> {
  return call.then(
    ({ kind }) => kind,
    () => 'rejected',
  )
}
