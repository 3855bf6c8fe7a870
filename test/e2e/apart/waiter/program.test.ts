/** The waiter as a program: how it is built, what it says when it cannot start another, and when it is not needed. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { waiterSource, waiterWarnings } from '../../../../scripts/waiter-program.ts'
import { buildNames, waiterProgram } from './binaries.ts'
import { Scene } from './scene.ts'

/** What a build without a target is started by. */
const [, entrypoint = '[]'] =
  /^ENTRYPOINT (\[.*\])$/m.exec(readFileSync('Dockerfile.agent', 'utf8')) ?? []
const [, ...imageWords]: readonly string[] = JSON.parse(entrypoint)
const folder = mkdtempSync(join(tmpdir(), 'waiter-'))

afterAll(() => rmSync(folder, { recursive: true }))

test('it has 300 lines at most, all in one file', () => {
  expect(readFileSync(waiterSource, 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(300)
  const sources = readdirSync('agent', { recursive: true, encoding: 'utf8' })
  expect(sources.filter((name) => /\.[ch]$/.test(name))).toEqual(['waiter/waiter.c'])
})

test('it takes no memory of its own', () => {
  const object = join(folder, 'waiter.o')
  execFileSync('gcc', [...waiterWarnings, '-Os', '-c', '-o', object, waiterSource])
  const symbols = execFileSync('nm', ['--undefined-only', object], { encoding: 'utf8' })
  expect(symbols).not.toMatch(/\b(malloc|calloc|realloc|free|aligned_alloc|strdup|v?asprintf)\b/)
})

test('it needs no library', () => {
  const headers = execFileSync('readelf', ['--program-headers', waiterProgram('static', 'quick')], {
    encoding: 'utf8',
  })
  expect(headers).not.toMatch(/INTERP|DYNAMIC/)
})

test('it sleeps by a clock that goes on in suspend and never jumps', async () => {
  const log = join(folder, 'calls')
  const before = ['strace', '-o', log, '-e', 'trace=timerfd_create,timerfd_settime']
  const scene = await Scene.open(waiterProgram('static', 'quick'), { before })
  const program = await scene.nextStart()
  await program.rest('due 7')
  ;(await scene.nextStart()).exit(0)
  expect(await scene.ended).toBe(0)
  await scene.close()
  const calls = readFileSync(log, 'utf8')
  expect(calls).toMatch(/timerfd_create\(CLOCK_BOOTTIME,/)
  expect(calls).toMatch(/timerfd_settime\(\d+, TFD_TIMER_ABSTIME, .*tv_sec=0, tv_nsec=7000001\}/)
})

describe.each(buildNames)('the waiter (%s)', (build) => {
  const run = (...words: readonly string[]) => {
    const env = { ASAN_OPTIONS: 'detect_leaks=0', KEPT: 'yes' }
    return spawnSync(waiterProgram(build, 'quick'), words, { env, encoding: 'utf8' })
  }

  test.each([
    ['/nonexistent', 'No such file or directory'],
    ['/etc', 'Permission denied'],
  ])('says that it cannot execute %s', (program, reason) => {
    for (const words of [[program], [program, 'script', 'token']]) {
      const done = run(...words)
      expect(done.status).toBe(127)
      expect(done.stderr).toContain(`waiter: cannot execute ${program}: ${reason}; it has to be`)
    }
  })

  test.each([
    [[]],
    [['agent']],
    [['-config=/vault/configs/config.hcl']],
    [['status']],
    [['token', 'revoke', '-self']],
    [Array.from({ length: 500 }, (_, index) => `word${index}`)],
  ])('starts the program of the image where it is told of none: %p', (words) => {
    const log = join(folder, 'words')
    const traced = ['-f', '-v', '-s', '99', '-o', log, '-e', 'trace=execve']
    spawnSync('strace', [...traced, waiterProgram('static', 'quick'), ...words])
    const calls = readFileSync(log, 'utf8').match(/execve\(.*\], \[/g) ?? []
    const [, last = ''] = /^execve\(.*?, (\[.*\]), \[$/.exec(calls.at(-1) ?? '') ?? []
    expect(JSON.parse(last)).toEqual([...imageWords, ...words])
  })

  test.each([
    [['token', 'revoke', '-self']],
    [['status', '-config=x']],
    [['status']],
    [['ready']],
    [['live', '--help']],
    [['agents']],
  ])('lets the program take its place for %p', (words) => {
    const script = join(folder, 'script')
    writeFileSync(script, 'echo "$PPID $KEPT $CLAVIGER_WAITER" "$@"; exit 3')
    const { status, stdout } = run('/bin/sh', '-e', script, ...words)
    expect([status, stdout]).toEqual([3, `${process.pid} yes  ${words.join(' ')}\n`])
  })
})
