/** The waiter as a program: how it is built, what it says when it cannot start another, and when it is not needed. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { waiterSources, waiterWarnings } from '../../../../scripts/waiter-program.ts'
import { buildNames, waiterProgram } from './binaries.ts'
import { Scene } from './scene.ts'

const folder = mkdtempSync(join(tmpdir(), 'waiter-'))

afterAll(() => rmSync(folder, { recursive: true }))

test('process 1 has 300 lines at most', () => {
  const lines = readFileSync('agent/waiter/waiter.c', 'utf8').trimEnd().split('\n').length
  expect(lines).toBeLessThanOrEqual(300)
})

test('it takes no memory of its own', () => {
  for (const source of waiterSources) {
    const object = join(folder, 'part.o')
    execFileSync('gcc', [...waiterWarnings, '-Os', '-c', '-o', object, source])
    const symbols = execFileSync('nm', ['--undefined-only', object], { encoding: 'utf8' })
    expect(symbols).not.toMatch(/\b(malloc|calloc|realloc|free|aligned_alloc|strdup|v?asprintf)\b/)
  }
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
    ['/nonexistent', 127, 'No such file or directory'],
    ['/etc', 126, 'Permission denied'],
  ])('says that it cannot execute %s', (program, status, reason) => {
    for (const words of [[program], [program, 'script', 'token']]) {
      const done = run(...words)
      expect(done.status).toBe(status)
      expect(done.stderr).toContain(`waiter: cannot execute ${program}: ${reason}; it has to be`)
    }
  })

  test('says that it wants a program', () => {
    const { status, stderr } = run()
    expect([status, stderr]).toEqual([
      2,
      'waiter: expected the program to start: waiter PROGRAM [-FLAG ...] SCRIPT [WORD ...]\n',
    ])
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
