/** The machine that measures. */
import { cpus, loadavg, release, type as systemName, totalmem } from 'node:os'
import type { Machine } from '../report/results.ts'

/** `load` is taken once, before the run loads the machine itself. */
export function describeThisMachine(
  programs: Readonly<Record<string, string>>,
  load: number,
): Machine {
  return {
    taken: new Date().toISOString(),
    load,
    cores: cpus().length,
    processor: cpus()[0]?.model.trim() || 'unknown',
    memoryGib: Math.round((totalmem() / 2 ** 30) * 10) / 10,
    kernel: `${systemName()} ${release()}`,
    programs,
  }
}

export function currentLoad(): number {
  return loadavg()[0] ?? 0
}
