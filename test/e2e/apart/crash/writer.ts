/** Writes the scenario of its first argument in the folder of its second, as soon as it is told to. */
import { accessSync, readSync } from 'node:fs'
import { scenarios } from './scenarios.ts'

const [, , name = '', folder = ''] = process.argv
process.stdout.write('ready\n')
readSync(0, Buffer.alloc(1))
try {
  scenarios[name]?.write(folder)
} catch {
  process.exitCode = 1
}
try {
  // The end of what counts in a trace.
  accessSync('/end-of-write')
} catch {
  process.exit()
}
