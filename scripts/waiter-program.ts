/** Compiles the waiter, for Linux, with whatever C library the compiler has. */
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

export const waiterSource = 'agent/waiter/waiter.c'
export const waiterWarnings = '-std=c11 -Wall -Wextra -Wconversion -Wshadow -Werror'.split(' ')

export interface WaiterBuild {
  readonly compiler: string
  /** Where the program is written. */
  readonly target: string
}

/** Throws what execFileSync throws, where there is no such compiler or it has no static C library. */
export function compileWaiter({ compiler, target }: WaiterBuild): void {
  mkdirSync(dirname(target), { recursive: true })
  const flags = [...waiterWarnings, '-Os', '-static', '-s', '-o', target]
  execFileSync(compiler, [...flags, waiterSource], { stdio: 'pipe' })
}
