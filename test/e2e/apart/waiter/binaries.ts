/** The waiter as images have it, and with sanitizers; in both the times can be others, so that no test waits for them. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { waiterSource, waiterWarnings } from '../../../../scripts/waiter-program.ts'
import { paths } from '../../settings.ts'

const builds = {
  static: ['-Os', '-static', '-s'],
  sanitized: ['-Og', '-g', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'],
} as const

/** `quick` hardly pauses after a crash; `stern` pauses for long, and kills a program that is asked to end. */
const times = {
  quick: ['-DFIRST_PAUSE_MS=2', '-DSTOP_MS=600000'],
  stern: ['-DFIRST_PAUSE_MS=60000', '-DSTOP_MS=1'],
} as const

export type BuildName = keyof typeof builds
export const buildNames: readonly BuildName[] = ['static', 'sanitized']

/** The path of the program. */
export function waiterProgram(build: BuildName, time: keyof typeof times): string {
  return compile([...waiterWarnings, ...builds[build], ...times[time]], waiterSource)
}

export function stubProgram(): string {
  return compile(
    ['-std=c11', '-Wall', '-Wextra', '-Werror', '-O1', '-static'],
    join(import.meta.dirname, 'stub.c'),
  )
}

/** Once for the same source and flags. */
function compile(flags: readonly string[], source: string): string {
  const hash = createHash('sha256').update(flags.join(' ')).update(readFileSync(source))
  const folder = join(paths.cache, 'waiter')
  const program = join(folder, hash.digest('hex').slice(0, 16))
  if (existsSync(program)) return program
  mkdirSync(folder, { recursive: true })
  const made = mkdtempSync(join(folder, 'made-'))
  execFileSync('gcc', [...flags, '-o', join(made, 'program'), source])
  renameSync(join(made, 'program'), program)
  rmSync(made, { recursive: true })
  return program
}
