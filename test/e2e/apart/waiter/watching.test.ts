/** Files that the waiter watches for its program. */
import {
  chmodSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { buildNames, waiterProgram } from './binaries.ts'
import { type Program, Scene } from './scene.ts'

let scene: Scene
let program: Program
const at = (name: string) => join(scene.folder, name)

/** What the program saw. */
function watch(path: string): string {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false })
  return `watch ${found === undefined ? '0:0' : `${found.ino}:${found.ctimeNs}`} ${path}`
}

/** As the kubelet lays out the files of a volume, and changes them all at one moment. */
function publish(version: string): void {
  mkdirSync(at(version))
  writeFileSync(at(`${version}/config.hcl`), version)
  symlinkSync(version, at('..data_tmp'))
  renameSync(at('..data_tmp'), at('..data'))
}

const changes: readonly (readonly [string, () => string, () => void])[] = [
  ['written in place', () => plain(), () => writeFileSync(at('plain'), 'new')],
  ['its mode', () => plain(), () => chmodSync(at('plain'), 0o600)],
  ['replaced', () => plain(), () => replace('plain')],
  ['removed', () => plain(), () => rmSync(at('plain'))],
  ['created', () => at('none'), () => writeFileSync(at('none'), '')],
  ['published anew by the kubelet', () => published(), () => publish('..second')],
  ['through a link elsewhere', () => linked(), () => replace('elsewhere/target')],
  [
    'its folder replaced',
    () => linked(),
    () => {
      mkdirSync(at('other'))
      writeFileSync(at('other/target'), '')
      renameSync(at('elsewhere'), at('old'))
      renameSync(at('other'), at('elsewhere'))
    },
  ],
]

/** What happens above the folder of the name, which no watch tells of. */
const distantChanges: typeof changes = [
  [
    'created in a folder that does not exist',
    () => at('a/b/none'),
    () => {
      mkdirSync(at('a'))
      mkdirSync(at('a/b'))
      writeFileSync(at('a/b/none'), '')
    },
  ],
]

function plain(): string {
  writeFileSync(at('plain'), 'old')
  return at('plain')
}

function replace(name: string): void {
  writeFileSync(at('new'), 'new')
  renameSync(at('new'), at(name))
}

function published(): string {
  publish('..first')
  symlinkSync('..data/config.hcl', at('config.hcl'))
  return at('config.hcl')
}

function linked(): string {
  mkdirSync(at('elsewhere'))
  writeFileSync(at('elsewhere/target'), 'old')
  symlinkSync('elsewhere/target', at('link'))
  return at('link')
}

describe.each(buildNames)('the waiter (%s)', (build) => {
  beforeEach(async () => {
    scene = await Scene.open(waiterProgram(build, 'quick'))
    program = await scene.nextStart()
  })

  afterEach(() => scene.close())

  test.each(changes)('starts its program when a file has changed: %s', async (_, make, change) => {
    await program.rest('due never', watch(make()))
    await scene.untilResting()
    change()
    const next = await scene.nextStart()
    expect(next.cause).toBe('change')
  })

  test.each([...changes, ...distantChanges])(
    'misses no change before it looks: %s',
    async (_, make, change) => {
      const line = watch(make())
      change()
      await program.rest('due never', line)
      expect((await scene.nextStart()).cause).toBe('change')
    },
  )

  test.each(distantChanges)(
    'finds what no watch tells of at the next step: %s',
    async (_, make, change) => {
      const line = watch(make())
      await program.rest('due never', line)
      await scene.untilResting()
      change()
      await scene.untilResting()
      scene.signal('SIGHUP')
      await (await scene.nextStart()).rest('due never', line)
      expect((await scene.nextStart()).cause).toBe('change')
    },
  )

  test('sleeps on when something else in the folder changes', async () => {
    await program.rest('due never', watch(plain()))
    await scene.untilResting()
    writeFileSync(at('other'), '')
    writeFileSync(at('other'), 'more')
    rmSync(at('other'))
    await scene.untilResting()
    scene.signal('SIGHUP')
    expect((await scene.nextStart()).cause).toBe('hangup')
  })

  test('watches every one of many', async () => {
    const names = Array.from({ length: 150 }, (_, index) => at(`${index}`))
    for (const name of names) writeFileSync(name, '')
    await program.rest('due never', ...names.map(watch))
    await scene.untilResting()
    writeFileSync(at('149'), 'new')
    expect((await scene.nextStart()).cause).toBe('change')
  })
})
