/** The contract's part about writing, deleting, restoring and versions. */
import { expect } from '@jest/globals'
import type { Store, WrittenContent } from '../../../core/stores/store.ts'
import {
  codeOf,
  marker,
  readOne,
  type Scene,
  seenText,
  seeOne,
  textBytes,
} from './contract-scene.ts'
import { seenBytes } from './seen-content.ts'

const large = textBytes(marker.padEnd(65_536, 'y'))
const binary = Buffer.from([0, 255, 254, 128, 10, 13, 0xc3, 0x28, 0])

export function registerWriting(scene: Scene): void {
  const { peer, running, open, fresh, test } = scene
  const { isBinarySafe, largestBytes } = peer.features
  const write = ['write'] as const
  const lookAt = async (path: string) => {
    const bytes = await running().look(path)
    return bytes === undefined ? undefined : seenBytes(bytes)
  }

  test('writes a secret that was not there', { capabilities: write }, async () => {
    const path = fresh('new')
    const store = await open()
    await put(store, path, textBytes(`Grüße 🔑 ${marker}\n`))
    expect(await lookAt(path)).toEqual(seenText(`Grüße 🔑 ${marker}\n`))
    expect(await seeOne(store, path)).toEqual(seenText(`Grüße 🔑 ${marker}\n`))
  })

  test('writes over a secret', { capabilities: write }, async () => {
    const path = fresh('over')
    await running().put(path, textBytes(`${marker} old`))
    await put(await open(), path, textBytes(`${marker} new`))
    expect(await lookAt(path)).toEqual(seenText(`${marker} new`))
  })

  test('writes a JSON object', { capabilities: write }, async () => {
    const path = fresh('object')
    const text = `{"user":"app","password":"${marker}"}`
    await put(await open(), path, textBytes(text))
    expect(await lookAt(path)).toEqual(seenText(text))
  })

  test('writes 64 KiB', { capabilities: write, isGiven: largestBytes >= 65_536 }, async () => {
    const path = fresh('large')
    await put(await open(), path, large)
    expect(await lookAt(path)).toEqual(seenBytes(large))
  })

  test('writes bytes that are no text', {
    capabilities: write,
    isGiven: isBinarySafe,
  }, async () => {
    const path = fresh('binary')
    await put(await open(), path, binary)
    expect(await lookAt(path)).toEqual(seenBytes(binary))
  })

  const refusesBinary = { capabilities: write, isGiven: !isBinarySafe }
  test('refuses bytes that are no text', refusesBinary, async () => {
    const path = fresh('binary')
    expect(await codeOf(put(await open(), path, binary))).toBe('input_invalid')
    expect(await lookAt(path)).toBeUndefined()
  })

  test('writes keys and leaves the others', { capabilities: write }, async () => {
    const path = fresh('keys')
    const store = await open()
    const keys = (members: Readonly<Record<string, string>>): WrittenContent => ({
      kind: 'keys',
      members: new Map(Object.entries(members).map(([key, text]) => [key, textBytes(text)])),
    })
    await store.write?.({ path, content: keys({ user: 'app', password: `${marker} old` }) })
    await store.write?.({ path, content: keys({ password: `${marker} new`, host: 'db' }) })
    const expected = { user: 'app', password: `${marker} new`, host: 'db' }
    expect(await lookAt(path)).toEqual(new Map(Object.entries(expected)))
    expect(await seeOne(store, path)).toEqual(new Map(Object.entries(expected)))
  })

  test('takes many writes at once', { capabilities: write }, async () => {
    const base = fresh('crowd')
    const store = await open()
    const paths = Array.from({ length: 8 }, (_, index) => `${base}-${index}`)
    await Promise.all(paths.map((path) => put(store, path, textBytes(`${marker} ${path}`))))
    const seen = await Promise.all(paths.map((path) => seeOne(store, path)))
    expect(seen).toEqual(paths.map((path) => seenText(`${marker} ${path}`)))
  })

  test('keeps one of several writes of the same secret whole', {
    capabilities: write,
  }, async () => {
    const path = fresh('race')
    const store = await open()
    await put(store, path, textBytes(marker))
    const texts = ['a', 'b', 'c', 'd'].map((letter) => `${marker} ${letter.repeat(1000)}`)
    const settled = await Promise.allSettled(texts.map((text) => put(store, path, textBytes(text))))
    expect(settled.some(({ status }) => status === 'fulfilled')).toBe(true)
    expect(texts.map(seenText)).toContainEqual(await seeOne(store, path))
  })

  registerDeleting(scene)
  registerVersions(scene)
}

function registerDeleting({ running, open, fresh, test }: Scene): void {
  const deletes = ['delete'] as const
  test('deletes a secret', { capabilities: deletes }, async () => {
    const path = fresh('delete')
    await running().put(path, textBytes(marker))
    const store = await open()
    await store.delete?.(path, { isFinal: false })
    expect(await seeOne(store, path)).toBe('secret_missing')
  })

  test('deletes a secret for good', { capabilities: deletes }, async () => {
    const path = fresh('final')
    await running().put(path, textBytes(marker))
    const store = await open()
    await store.delete?.(path, { isFinal: true })
    expect(await seeOne(store, path)).toBe('secret_missing')
    expect(await running().look(path)).toBeUndefined()
  })

  test('says that what it is to delete is missing', { capabilities: deletes }, async () => {
    const store = await open()
    const call = store.delete?.(fresh('none'), { isFinal: false })
    expect(await codeOf(call)).toBe('secret_missing')
  })

  test('restores what was deleted', { capabilities: ['delete', 'restore'] }, async () => {
    const path = fresh('restore')
    await running().put(path, textBytes(marker))
    const store = await open()
    await store.delete?.(path, { isFinal: false })
    await store.restore?.(path)
    expect(await seeOne(store, path)).toEqual(seenText(marker))
  })

  test('restores nothing that was never there', { capabilities: ['restore'] }, async () => {
    const store = await open()
    expect(await codeOf(store.restore?.(fresh('none')))).toBe('secret_missing')
  })
}

function registerVersions({ peer, open, fresh, test }: Scene): void {
  const capabilities = ['write', 'history'] as const
  test('reads older versions by name', { capabilities }, async () => {
    const path = fresh('versions')
    const store = await open()
    const first = await put(store, path, textBytes(`${marker} one`))
    const second = await put(store, path, textBytes(`${marker} two`))
    expect(first).not.toBe(second)
    expect(await seeOne(store, path, { version: first ?? '' })).toEqual(seenText(`${marker} one`))
    expect(await seeOne(store, path, { version: second ?? '' })).toEqual(seenText(`${marker} two`))
    const current = await readOne(store, path)
    expect(current).toMatchObject({ kind: 'read', answer: { version: second } })
  })

  test('tells the history, newest first', { capabilities }, async () => {
    const path = fresh('history')
    const store = await open()
    const first = await put(store, path, textBytes(`${marker} one`))
    const second = await put(store, path, textBytes(`${marker} two`))
    const history = await store.history?.(path)
    expect(history?.map(({ version, state }) => [version, state])).toEqual([
      [second, 'enabled'],
      [first, 'enabled'],
    ])
  })

  const absent = peer.features.absentVersion
  const isGiven = absent !== undefined
  test('says that a version is missing', { capabilities, isGiven }, async () => {
    const path = fresh('version')
    const store = await open()
    await put(store, path, textBytes(marker))
    expect(await seeOne(store, path, { version: absent ?? '' })).toBe('secret_missing')
  })

  test('says that what has no history is missing', { capabilities: ['history'] }, async () => {
    const store = await open()
    expect(await codeOf(store.history?.(fresh('none')))).toBe('secret_missing')
  })
}

async function put(store: Store, path: string, bytes: Uint8Array): Promise<string | undefined> {
  return store.write?.({ path, content: { kind: 'whole', bytes } })
}
