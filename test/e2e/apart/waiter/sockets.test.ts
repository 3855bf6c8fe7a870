/** Sockets that the waiter holds for its program and hands over. */
import { statSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { buildNames, waiterProgram } from './binaries.ts'
import { freePort } from './free-port.ts'
import { type Program, Scene } from './scene.ts'

let scene: Scene
let program: Program

/** What somebody who connects is told, once the program has answered. */
function ask(place: { readonly port: number; readonly host: string } | { readonly path: string }) {
  return new Promise<string>((resolve, reject) => {
    let told = ''
    const client = connect(place)
    client.on('data', (chunk) => {
      told += chunk
    })
    client.on('end', () => resolve(told))
    client.on('error', reject)
  })
}

describe.each(buildNames)('the waiter (%s)', (build) => {
  beforeEach(async () => {
    scene = await Scene.open(waiterProgram(build, 'quick'))
    program = await scene.nextStart()
  })

  afterEach(() => scene.close())

  test.each(['127.0.0.1', '::1'])('hands over what somebody has connected to: %s', async (host) => {
    const port = await freePort(host)
    await program.rest('due never', `listen tcp ${host} ${port}`)
    await scene.untilResting()
    const told = ask({ host, port })
    const next = await scene.nextStart()
    expect(next.cause).toBe('connection')
    expect(next.sockets.map(({ address }) => address)).toEqual([`tcp ${host} ${port}`])
    await next.say(`serve ${next.sockets[0]?.fd}`)
    expect(await told).toBe('served\n')
    const meanwhile = ask({ host, port })
    await next.rest('due never', `listen tcp ${host} ${port}`)
    const third = await scene.nextStart()
    expect([third.cause, third.sockets]).toEqual(['connection', next.sockets])
    await third.say(`serve ${third.sockets[0]?.fd}`)
    expect(await meanwhile).toBe('served\n')
  })

  test('sleeps with a unix socket that is new, and leaves its file at the end', async () => {
    const path = join(scene.folder, 'own')
    await program.rest('due never', `listen unix ${path}`)
    await scene.untilResting()
    expect(statSync(path).isSocket()).toBe(true)
    const told = ask({ path })
    const next = await scene.nextStart()
    expect(next).toMatchObject({ cause: 'connection', sockets: [{ address: `unix ${path}` }] })
    await next.say(`serve ${next.sockets[0]?.fd}`)
    expect(await told).toBe('served\n')
    await next.rest('due 0')
    expect((await scene.nextStart()).sockets).toEqual([])
    await expect(ask({ path })).rejects.toThrow('ECONNREFUSED')
  })

  test('keeps what it holds over a crash', async () => {
    const path = join(scene.folder, 'with a space')
    await program.rest('due 0', `listen unix ${path}`)
    const next = await scene.nextStart()
    next.die(9)
    const third = await scene.nextStart()
    expect([third.cause, third.sockets]).toEqual(['crash', next.sockets])
    expect(third.sockets.map(({ address }) => address)).toEqual([`unix ${path}`])
  })

  test('holds at most eight, and opens and closes them as it is told', async () => {
    const port = await freePort('127.0.0.1')
    const path = (index: number) => `listen unix ${join(scene.folder, `s${index}`)}`
    const eight = Array.from({ length: 8 }, (_, index) => path(index))
    await program.rest('due 0', ...eight)
    let next = await scene.nextStart()
    expect(next.sockets).toHaveLength(8)
    await next.rest('due 0', `listen tcp 127.0.0.1 ${port}`, ...eight.slice(1))
    next = await scene.nextStart()
    const held = next.sockets.map(({ address }) => `listen ${address}`)
    expect(held.sort()).toEqual([`listen tcp 127.0.0.1 ${port}`, ...eight.slice(1)])
    await next.rest('due 0', path(1), ...eight, path(8))
    next = await scene.nextStart()
    // The file of the first is still there.
    expect(next.sockets.map(({ address }) => `listen ${address}`).sort()).toEqual([
      ...eight.slice(1),
      path(8),
    ])
  })

  test('leaves one that cannot be opened to the program', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    const address = taken.address()
    const port = typeof address === 'object' ? address?.port : 0
    const file = join(scene.folder, 'file')
    writeFileSync(file, 'kept')
    const left = join(scene.folder, 'left')
    await program.rest('due 0', `listen unix ${left}`)
    const second = await scene.nextStart()
    await second.rest('due 0')
    const third = await scene.nextStart()
    const lines = [`tcp 127.0.0.1 ${port}`, `unix ${file}`, `unix ${left}`, `unix ${left}-2`]
    await third.rest('due 0', ...lines.map((line) => `listen ${line}`))
    const { cause, sockets } = await scene.nextStart()
    expect([cause, sockets.map(({ address }) => address)]).toEqual(['due', [`unix ${left}-2`]])
    expect(statSync(file).size).toBe(4)
    taken.close()
  })
})
