/** Why the waiter starts its program again, and how it ends. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { afterEach, describe, expect, test } from '@jest/globals'
import { buildNames, waiterProgram } from './binaries.ts'
import { bootMs } from './boot-time.ts'
import { lastWord, type Program, Scene, type SceneOptions } from './scene.ts'

const minuteMs = 60_000
let scene: Scene

afterEach(() => scene.close())

describe.each(buildNames)('the waiter (%s)', (build) => {
  async function open(options?: SceneOptions): Promise<Program> {
    scene = await Scene.open(waiterProgram(build, 'quick'), options)
    return scene.nextStart()
  }

  /** One that rests after a last word of these lines. */
  async function rest(...lines: readonly string[]): Promise<void> {
    const program = await open()
    await program.rest(...lines)
    await scene.untilResting()
  }

  test('starts it with the words, the environment and the signals that it found itself', async () => {
    const program = await open({ words: ['agent', '-config=x'], environment: { OWN: 'kept' } })
    expect(program).toMatchObject({ cause: 'start', signal: 0, sockets: [] })
    expect(program.sleptMs).toBeLessThan(minuteMs)
    expect(program.blockedSignals).toBe(0)
    const proc = (name: string) => readFileSync(`/proc/${program.pid}/${name}`, 'utf8').split('\0')
    expect(proc('cmdline').slice(1, -1)).toEqual(['--flag', 'script', 'agent', '-config=x'])
    expect(proc('environ')).toContain('OWN=kept')
    expect(proc('environ')).toContain('CLAVIGER_SOCKETS=')
  })

  test('replaces what a waiter around it has put into the environment', async () => {
    const environment = { CLAVIGER_WAITER: '99 end 5 9', CLAVIGER_SOCKETS: '98 unix /x\n' }
    const program = await open({ environment })
    expect(program).toMatchObject({ cause: 'start', sockets: [] })
    const entries = readFileSync(`/proc/${program.pid}/environ`, 'utf8').split('\0')
    expect(entries.filter((entry) => entry.startsWith('CLAVIGER_'))).toHaveLength(2)
  })

  test('leaves it no descriptor but those of the protocol', async () => {
    const program = await open()
    await program.rest('due 0', `watch 0:0 ${scene.folder}/none`)
    const next = await scene.nextStart()
    await next.say('ready')
    const folder = `/proc/${next.pid}/fd`
    const descriptors = readdirSync(folder).map((fd) => readlinkSync(`${folder}/${fd}`))
    // Of the stub itself; the waiter has one more, a timer, and one for changes.
    expect(descriptors.filter((link) => link.startsWith('anon_inode:'))).toEqual([
      'anon_inode:[signalfd]',
    ])
  })

  test.each([
    ['the past', () => 1],
    ['this moment', () => bootMs()],
    ['a moment to come', () => bootMs() + 50],
    ['the very beginning', () => 0],
  ])('starts it when it is due: %s', async (_, due) => {
    const program = await open()
    const at = due()
    await program.rest(`due ${at}`)
    expect(await scene.nextStart()).toMatchObject({ cause: 'due', signal: 0 })
    expect(bootMs()).toBeGreaterThanOrEqual(at)
  })

  test.each([['due never'], ['due 9007199254740991']])('sleeps with %p', async (...lines) => {
    await rest(...lines)
    expect(scene.stat()).toMatch(/^S /)
  })

  test('says for how long it has slept', async () => {
    const program = await open()
    await program.rest(`due ${bootMs() + 300}`)
    const { sleptMs } = await scene.nextStart()
    expect(sleptMs).toBeGreaterThan(0)
    expect(sleptMs).toBeLessThanOrEqual(minuteMs)
  })

  test('starts it on SIGHUP, and drops the signals that mean nothing', async () => {
    await rest('due never')
    for (const name of ['SIGUSR1', 'SIGUSR2', 'SIGQUIT', 'SIGALRM'] as const) scene.signal(name)
    await scene.untilResting()
    scene.signal('SIGHUP')
    const program = await scene.nextStart()
    expect(program.cause).toBe('hangup')
    await program.rest('due 0')
    expect((await scene.nextStart()).cause).toBe('due')
  })

  test('passes SIGHUP on while it runs, and no other that does not end it; starts it once more after it', async () => {
    const program = await open()
    for (const name of ['SIGUSR1', 'SIGQUIT', 'SIGHUP'] as const) scene.signal(name)
    expect(await program.nextSignal()).toBe(1)
    await program.rest('due never')
    expect((await scene.nextStart()).cause).toBe('hangup')
  })

  test.each([
    ['without a last word', 0, false],
    ['with a last word, but a failure', 7, true],
    ['with a failure', 3, false],
  ])('ends with its exit code: %s', async (_, code, writes) => {
    const program = await open()
    if (writes) await program.write(lastWord('due 0'))
    program.exit(code)
    expect(await scene.ended).toBe(code)
  })

  test('starts it again after a crash, and gives up at the sixth in a row', async () => {
    let program = await open()
    await program.write(lastWord('due never'))
    program.die(9)
    program = await scene.nextStart()
    expect(program).toMatchObject({ cause: 'crash', signal: 9 })
    await program.rest('due 0')
    program = await scene.nextStart()
    expect(program).toMatchObject({ cause: 'due', signal: 0 })
    for (let crash = 1; crash < 6; crash++) {
      program.die(11)
      program = await scene.nextStart()
      expect(program).toMatchObject({ cause: 'crash', signal: 11 })
    }
    program.die(6)
    expect(await scene.ended).toBe(128 + 6)
    expect(scene.stderr).toContain(
      'waiter: signal 9 has ended the program; it is started again in ',
    )
  })

  test('reaps a thousand orphans, while the program runs and while it rests', async () => {
    const program = await open()
    await program.say('orphans 1000')
    const zombies = () =>
      scene
        .children()
        .split(' ')
        .filter((pid) => pid !== '' && Number(pid) !== program.pid)
    while (zombies().length > 0) await new Promise(setImmediate)
    await program.say('orphans 100')
    await program.rest('due never')
    await scene.untilResting()
    scene.signal('SIGHUP')
    expect((await scene.nextStart()).cause).toBe('hangup')
  })
})
