/** The watch of namespaces against an API that ends, breaks, forgets and refuses. */
import { beforeEach, describe, expect, test } from '@jest/globals'
import type { FakeObjects } from './support/fake-objects.ts'
import { type RunningWatch, useNamespaces } from './support/namespace-watch.ts'

const { api: current, start } = useNamespaces()
let api: FakeObjects

beforeEach(() => {
  api = current()
})

/** Everything listed and a watch begun. */
async function startSynced(): Promise<RunningWatch> {
  const started = start()
  await api.opened(1)
  return started
}

const count = (kind: string) => api.requests.filter((line) => line.startsWith(kind)).length

describe('the watch', () => {
  test('lists, then follows what is added, changed and removed', async () => {
    api.set('old', { annotations: { 'claviger.dev/default-role': 'a' }, labels: { env: 'prod' } })
    api.set('gone')
    const { watch, events } = await startSynced()
    api.set('next')
    api.set('next', { annotations: { 'claviger.dev/default-role': 'b' } })
    api.remove('gone')
    await events(3)
    expect(watch.synced).toBe(true)
    expect(watch.find('old')).toEqual({
      name: 'old',
      labels: new Map([['env', 'prod']]),
      // What the webhook does not read it does not keep.
      annotations: new Map([['claviger.dev/default-role', 'a']]),
    })
    expect(watch.find('gone')).toBeUndefined()
    expect(watch.find('next')?.annotations.get('claviger.dev/default-role')).toBe('b')
    expect(count('list')).toBe(1)
  })

  test('asks for metadata only, in pages', async () => {
    for (let index = 0; index < 1_100; index++) api.set(`ns-${index}`)
    const { watch } = await startSynced()
    expect(watch.find('ns-1099')?.name).toBe('ns-1099')
    expect(api.requests.slice(0, 3)).toEqual(['list', 'list 500', 'list 1000'])
    expect(api.accepts.every((accept) => accept.includes('as=PartialObjectMetadata'))).toBe(true)
  })

  test('goes on from the last bookmark after the API server ended it', async () => {
    const { watch, events, ends, goOn, lines } = await startSynced()
    api.sendOddities()
    api.bookmark()
    await events(2)
    api.endWatches()
    await ends(1)
    await goOn()
    await api.opened(2)
    expect(api.requests).toEqual(['list', 'watch 100', 'watch 102'])
    api.set('b')
    await events(3)
    expect(watch.find('b')?.name).toBe('b')
    expect(lines.join('')).not.toContain('not watched')
  })

  test('catches up on what happened while the connection was cut', async () => {
    api.set('gone')
    const { watch, events, ends, goOn, lines } = await startSynced()
    api.cutWatches()
    await ends(1)
    expect(watch.find('gone')?.name).toBe('gone')
    api.remove('gone')
    api.set('missed')
    await goOn()
    await events(2)
    expect(watch.find('missed')?.name).toBe('missed')
    expect(watch.find('gone')).toBeUndefined()
    expect(count('list')).toBe(1)
    expect(lines.join('')).toContain('namespaces not watched')
  })

  test.each(['status', 'event'] as const)(
    'lists again when its version is too old: 410 as %s',
    async (expiry) => {
      api.expiry = expiry
      api.set('kept')
      api.set('gone')
      const { watch, ends, goOn } = await startSynced()
      api.cutWatches()
      await ends(1)
      api.remove('gone')
      api.forget()
      await goOn()
      await ends(2)
      await goOn()
      await api.opened(2)
      expect(watch.find('gone')).toBeUndefined()
      expect(watch.find('kept')?.name).toBe('kept')
      expect(count('list')).toBe(2)
    },
  )

  test('keeps what it knows while the API server is away, and goes on after its restart', async () => {
    api.set('kept')
    const { watch, events, ends, goOn, clock, lines } = await startSynced()
    await api.stop()
    for (const failures of [1, 2, 3]) {
      await ends(failures)
      expect(watch.find('kept')?.name).toBe('kept')
      expect(watch.synced).toBe(true)
      if (failures < 3) await goOn()
    }
    await clock.waiting()
    await api.start()
    api.set('after')
    await goOn()
    await events(1)
    expect(watch.find('after')?.name).toBe('after')
    expect(lines.filter((line) => line.includes('namespaces not watched'))).toHaveLength(3)
  })

  test('is not synced while the API refuses, and says why without its words', async () => {
    api.fail = 403
    const { watch, clock, goOn, lines } = start()
    await clock.waiting()
    expect(watch.synced).toBe(false)
    expect(lines.join('')).toContain('"status":403')
    api.fail = undefined
    await goOn()
    await api.opened(1)
    expect(watch.synced).toBe(true)
  })

  test('gives up on a namespace that does not appear, and waits for one that does', async () => {
    const { watch, clock } = await startSynced()
    const missing = watch.wait('missing')
    clock.advance(500)
    expect(await missing).toBeUndefined()
    const late = watch.wait('late')
    api.set('late')
    expect((await late)?.name).toBe('late')
  })

  test('says once what a namespace asks for in vain', async () => {
    const vain = { annotations: { 'claviger.dev/default-agent-inject': 'true' } }
    api.set('a', vain)
    const { events, lines } = await startSynced()
    api.set('a', { ...vain, labels: { changed: 'yes' } })
    api.set('a')
    await events(2)
    const complaints = lines.filter((line) => line.includes('default of a namespace ignored'))
    expect(complaints).toHaveLength(1)
    expect(complaints[0]).toContain('only a pod itself asks for injection')
  })
})
