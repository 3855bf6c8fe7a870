/** Processes of this machine, those inside of containers too, since the node is the machine. */
import { readdirSync, readFileSync } from 'node:fs'

/** Pids of those whose command line, with zero bytes between its words, contains `text`. */
export function findProcesses(text: string): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && readText(`/proc/${pid}/cmdline`).includes(text))
}

/** Empty for a process that has just ended. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
