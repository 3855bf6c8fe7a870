/** The agent's program as a script. Compiling it takes longer than what it does, so V8 takes what it once made of it. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Script } from 'node:vm'

/** Below dist and in the images. `script` is one function, which runs the program with what it is given for `require`. */
export const programFiles = { script: 'agent-program.cjs', cache: 'agent-program.cache' } as const

/**
 * The script of `folder`. V8 passes over a cache that is damaged, or was made by another version of it or under flags that matter, and
 * compiles; it does not notice that the script is another one of the same length.
 */
export function openProgram(folder: string): Script {
  const filename = join(folder, programFiles.script)
  const cache = join(folder, programFiles.cache)
  const text = readFileSync(filename, 'utf8')
  return new Script(text, {
    filename,
    ...(existsSync(cache) ? { cachedData: readFileSync(cache) } : {}),
  })
}
