/** The agent's program as a script. Compiling it takes longer than what it does, so V8 takes what it once made of it. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Script } from 'node:vm'

/** Below dist and in the images. `script` is one function, which runs the program with what it is given for `require`. */
const programFiles = { script: 'agent-program.cjs', cache: 'agent-program.cache' } as const

/**
 * The script of `folder`. V8 passes over a cache of another length than it says, of another version of V8 or of other flags that matter,
 * and compiles. It checks neither the bytes nor that the script is the same, but for its length: a cache is to be trusted as the script is.
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
