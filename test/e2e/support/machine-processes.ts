/** Processes of this machine, those inside of containers too, since the node is the machine. */
import { readdirSync, readFileSync } from 'node:fs'

/** Pids of those whose command line, with zero bytes between its words, contains `text`. */
export function findProcesses(text: string): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && readCommandLine(pid).includes(text))
}

/** With zero bytes between its words; empty for a process that has just ended. */
export function readCommandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}
