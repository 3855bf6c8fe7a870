/** Sockets that the waiter holds for its program and hands over. */
import { existsSync, statSync, writeFileSync } from 'node:fs'
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

  test('starts the program for a unix socket that is new, and replaces one that was left', async () => {
    const path = join(scene.folder, 'own')
    await program.rest('due never', `listen unix ${path}`)
    let next = await scene.nextStart()
    expect(next).toMatchObject({ cause: 'connection', sockets: [{ address: `unix ${path}` }] })
    expect(statSync(path).isSocket()).toBe(true)
    await next.rest('due never', `listen unix ${path}`)
    await scene.untilResting()
    const told = ask({ path })
    next = await scene.nextStart()
    await next.say(`serve ${next.sockets[0]?.fd}`)
    expect(await told).toBe('served\n')
    await next.rest('due 0')
    expect((await scene.nextStart()).sockets).toEqual([])
    expect(existsSync(path)).toBe(false)
  })

  test('keeps what it holds over a crash, and closes it at its end', async () => {
    const path = join(scene.folder, 'own')
    await program.rest(`listen unix ${path}`)
    const next = await scene.nextStart()
    next.die(9)
    const third = await scene.nextStart()
    expect([third.cause, third.sockets]).toEqual(['crash', next.sockets])
    third.exit(0)
    expect(await scene.ended).toBe(0)
    expect(existsSync(path)).toBe(false)
  })

  test('holds at most eight, and opens and closes them as it is told', async () => {
    const port = await freePort('127.0.0.1')
    const path = (index: number) => `listen unix ${join(scene.folder, `s${index}`)}`
    const eight = Array.from({ length: 8 }, (_, index) => path(index))
    await program.rest(...eight)
    let next = await scene.nextStart()
    expect(next.sockets).toHaveLength(8)
    await next.rest('due 0', `listen tcp 127.0.0.1 ${port}`, ...eight.slice(1))
    next = await scene.nextStart()
    const held = next.sockets.map(({ address }) => `listen ${address}`)
    expect(held.sort()).toEqual([`listen tcp 127.0.0.1 ${port}`, ...eight.slice(1)])
    await next.rest('due 0', ...eight, path(8))
    expect(await scene.ended).toBe(0)
  })

  test('starts the program without one that cannot be opened', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    const address = taken.address()
    const port = typeof address === 'object' ? address?.port : 0
    const file = join(scene.folder, 'file')
    writeFileSync(file, 'kept')
    await program.rest(`listen tcp 127.0.0.1 ${port}`, `listen unix ${file}`)
    const next = await scene.nextStart()
    expect([next.cause, next.sockets]).toEqual(['connection', []])
    expect(statSync(file).size).toBe(4)
    expect(scene.stderr).toContain(`waiter: cannot listen on tcp 127.0.0.1 ${port}: `)
    taken.close()
  })
})
