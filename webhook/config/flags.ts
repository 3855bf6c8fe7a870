/** The table of flags and environment variables of `agent-inject`: parser, `--help`, docs, chart and tests derive from it. */
import { findNearest } from '../../core/nearest.ts'
import { agentFlags } from './agent-flags.ts'
import type { Flag } from './flag.ts'

export type { Flag } from './flag.ts'

import { serverFlags } from './server-flags.ts'

export const flags = { ...serverFlags, ...agentFlags } as const

export const flagRows: readonly Flag<unknown>[] = Object.values(flags)

/** The row of that name, or undefined; without `rows` among those of `agent-inject`. */
export function findFlag(name: string, rows = flagRows): Flag<unknown> | undefined {
  return rows.find((row) => row.name === name && !row.isVariable)
}

/** The name that was probably meant. */
export function suggestFlag(name: string, rows = flagRows): string | undefined {
  const names = rows.filter((row) => !row.isVariable).map((row) => row.name)
  return findNearest(name, names, 3)
}

/** Whether it stands for true by itself, as Go reads flags of yes and no. */
export function isSwitch(row: Flag<unknown>): boolean {
  return row.isSwitch
}
