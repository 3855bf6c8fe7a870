/** The contract's part about reading. */
import { expect } from '@jest/globals'
import { marker, readOne, type Scene, seenText, seeOne, textBytes } from './contract-scene.ts'
import { seenBytes, seenOutcome } from './seen-content.ts'

const unicode = `Grüße, 世界 🔑 ${marker}\n\ttab, "quotes", \\ and a line's end\r\n`

export function registerReading(scene: Scene): void {
  const { peer, running, open, fresh, test } = scene
  const { features } = peer
  test('reads text', {}, async () => {
    await expectReadBack(scene, 'text', textBytes(`${marker} hunter2`))
  })

  test('reads unicode, white space and line ends as they are', {}, async () => {
    await expectReadBack(scene, 'unicode', textBytes(unicode))
  })

  test('reads bytes that are no text', { isGiven: features.isBinarySafe }, async () => {
    await expectReadBack(scene, 'binary', Buffer.from([0, 255, 254, 128, 10, 13, 0xc3, 0x28, 0]))
  })

  test('reads 64 KiB', { isGiven: features.largestBytes >= 65_536 }, async () => {
    await expectReadBack(scene, 'large', textBytes(marker.padEnd(65_536, 'x')))
  })

  test('reads a JSON object by its keys', {}, async () => {
    const path = fresh('json')
    await running().put(path, textBytes(`{"user":"app","password":"${marker}"}`))
    const seen = new Map([
      ['user', 'app'],
      ['password', marker],
    ])
    expect(await seeOne(await open(), path)).toEqual(seen)
  })

  test('reads what is there now, not what was', {}, async () => {
    const path = fresh('change')
    const store = await open()
    await running().put(path, textBytes(`${marker} old`))
    expect(await seeOne(store, path)).toEqual(seenText(`${marker} old`))
    await running().put(path, textBytes(`${marker} new`))
    expect(await seeOne(store, path)).toEqual(seenText(`${marker} new`))
  })

  test('names a version that changes with the content and with nothing else', {}, async () => {
    const path = fresh('known')
    const store = await open()
    await running().put(path, textBytes(`${marker} old`))
    const first = await readOne(store, path)
    const known = first.kind === 'read' ? (first.answer.version ?? '') : ''
    expect(known).not.toBe('')
    const again = await readOne(store, path, { known })
    if (again.kind === 'read') expect(again.answer.version).toBe(known)
    else expect(again.kind).toBe('unchanged')
    await running().put(path, textBytes(`${marker} new`))
    const changed = await readOne(store, path, { known })
    expect(seenOutcome(changed)).toEqual(seenText(`${marker} new`))
    expect(changed).not.toMatchObject({ answer: { version: known } })
  })

  test('says that a secret is missing', {}, async () => {
    const path = fresh('none')
    const outcome = await readOne(await open(), path)
    expect(seenOutcome(outcome)).toBe('secret_missing')
    expect(outcome).toMatchObject({ error: { facts: { store: peer.type } } })
    if (outcome.kind === 'failed') expect(outcome.error.message).toContain(path)
  })

  const { invalidPath } = features
  test('refuses a name that cannot be', { isGiven: invalidPath !== undefined }, async () => {
    expect(await seeOne(await open(), invalidPath ?? '')).toBe('input_invalid')
  })

  test('answers many reads at once in their order, missing ones among them', {}, async () => {
    const base = fresh('many')
    const names = Array.from({ length: 24 }, (_, index) => `${base}-${index}`)
    const present = names.filter((_, index) => index % 3 !== 1)
    for (const path of present) await running().put(path, textBytes(`${marker} of ${path}`))
    const reads = [...names, ...names.slice(0, 3)].map((path) => ({
      path,
      version: undefined,
      known: undefined,
    }))
    const outcomes = await (await open()).read(reads)
    expect(outcomes.map(seenOutcome)).toEqual(
      reads.map(({ path }) =>
        present.includes(path) ? seenText(`${marker} of ${path}`) : 'secret_missing',
      ),
    )
  })

  test('answers reads that are made side by side', {}, async () => {
    const path = fresh('side')
    await running().put(path, textBytes(marker))
    const store = await open()
    const all = await Promise.all(Array.from({ length: 16 }, () => seeOne(store, path)))
    expect(all).toEqual(Array.from({ length: 16 }, () => seenText(marker)))
  })

  test('reads nothing for nobody', {}, async () => {
    expect(await (await open()).read([])).toEqual([])
  })
}

async function expectReadBack(
  { running, open, fresh }: Scene,
  about: string,
  bytes: Uint8Array,
): Promise<void> {
  const path = fresh(about)
  await running().put(path, bytes)
  expect(await seeOne(await open(), path)).toEqual(seenBytes(bytes))
}
