/** What SIGTERM does in each state, and the end that a program asks for. */
import { afterEach, describe, expect, test } from '@jest/globals'
import { buildNames, waiterProgram } from './binaries.ts'
import { lastWord, Scene } from './scene.ts'

let scene: Scene

afterEach(() => scene.close())

describe.each(buildNames)('the end of the waiter (%s)', (build) => {
  const open = async (times: 'quick' | 'stern') => {
    scene = await Scene.open(waiterProgram(build, times))
    return scene.nextStart()
  }

  test.each(['SIGTERM', 'SIGINT'] as const)('at rest %s ends it at once', async (name) => {
    await (await open('quick')).rest('due never')
    await scene.untilResting()
    scene.signal(name)
    expect(await scene.ended).toBe(0)
  })

  test('at rest SIGTERM starts the end that was asked for, which signals do not disturb', async () => {
    await (await open('quick')).rest('due never', 'end 600000')
    await scene.untilResting()
    scene.signal('SIGTERM')
    const last = await scene.nextStart()
    expect(last).toMatchObject({ cause: 'end', signal: 0 })
    for (const name of ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT'] as const) scene.signal(name)
    while (scene.hasSignals()) await new Promise(setImmediate)
    await last.rest('due 0', 'end 600000')
    expect(await scene.ended).toBe(0)
  })

  test('an end that takes too long is killed', async () => {
    await (await open('quick')).rest('due never', 'end 1')
    await scene.untilResting()
    scene.signal('SIGTERM')
    expect(await scene.ended).toBe(137)
    expect(scene.stderr).toContain('waiter: the program has not ended in time and is killed')
  })

  test('a crash of the end is not tried again', async () => {
    await (await open('quick')).rest('due never', 'end 600000')
    await scene.untilResting()
    scene.signal('SIGTERM')
    const last = await scene.nextStart()
    last.die(11)
    expect(await scene.ended).toBe(139)
  })

  test.each([
    ['without a last word', undefined, 0, 0],
    ['with one', lastWord('due 0'), 0, 0],
    ['with a failure', undefined, 4, 4],
  ])('a running program that is asked to end: %s', async (_, word, code, expected) => {
    const program = await open('quick')
    scene.signal('SIGTERM')
    expect(await program.nextSignal()).toBe(15)
    if (word !== undefined) await program.write(word)
    program.exit(code)
    expect(await scene.ended).toBe(expected)
  })

  test('a running program that is asked to end may ask for an end', async () => {
    const program = await open('quick')
    scene.signal('SIGINT')
    expect(await program.nextSignal()).toBe(2)
    await program.rest('due never', 'end 600000')
    const last = await scene.nextStart()
    expect(last.cause).toBe('end')
    last.exit(5)
    expect(await scene.ended).toBe(5)
  })

  test('one that the signal kills before it can take it loses no end', async () => {
    await (await open('quick')).rest('due 0', 'end 600000')
    const second = await scene.nextStart()
    scene.signal('SIGTERM')
    expect(await second.nextSignal()).toBe(15)
    second.die(15)
    const last = await scene.nextStart()
    expect(last).toMatchObject({ cause: 'end', signal: 15 })
    last.exit(0)
    expect(await scene.ended).toBe(0)
  })

  test('one that does not end in time is killed, and is the last', async () => {
    await (await open('stern')).rest('due 0', 'end 600000')
    await scene.nextStart()
    // A millisecond after it was passed on: the program may not live to tell of it.
    scene.signal('SIGTERM')
    expect(await scene.ended).toBe(137)
    expect(scene.stderr).toContain('waiter: the program has not ended in time and is killed')
  })

  test('during the pause after a crash', async () => {
    ;(await open('stern')).die(11)
    await scene.untilResting()
    scene.signal('SIGHUP')
    await scene.untilResting()
    scene.signal('SIGTERM')
    expect(await scene.ended).toBe(139)
  })

  test('during the pause after a crash, with an end', async () => {
    await (await open('stern')).rest('due 0', 'end 600000')
    const second = await scene.nextStart()
    second.die(9)
    await scene.untilResting()
    scene.signal('SIGTERM')
    const last = await scene.nextStart()
    expect(last).toMatchObject({ cause: 'end', signal: 9 })
    last.exit(0)
    expect(await scene.ended).toBe(0)
  })
})
