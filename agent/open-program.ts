/** The agent's program as scripts. Compiling them takes longer than what they do, so V8 takes what it once made of them. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Script } from 'node:vm'

/** What a script hands over to the others: its modules by their names. */
type Modules = Readonly<Record<string, () => unknown>>

/** Each script is one function. What it is given for `require` answers for modules of other scripts, too, as `SCRIPT/MODULE`. */
type Run = (require: (name: string) => unknown, provide: (modules: Modules) => void) => void

/** Runs the program that lies in `folder`: `agent-program.cjs`, and what it comes to of the scripts beside it. */
export function runProgram(folder: string, requireOther: NodeJS.Require): void {
  const opened = new Map<string, Modules>()
  const open = (script: string) => {
    const run: Run = compile(folder, script).runInThisContext()
    run(find, (modules) => opened.set(script, modules))
  }
  const find = (name: string): unknown => {
    if (!name.startsWith('agent-')) return requireOther(name)
    const end = name.indexOf('/')
    const [script, module] = [name.slice(0, end), name.slice(end + 1)]
    if (!opened.has(script)) open(script)
    const load = opened.get(script)?.[module]
    if (load === undefined) throw new Error(`${script} hands over no ${module}`)
    return load()
  }
  open('agent-program')
}

/**
 * V8 passes over a cache of another length than it says, of another version of V8 or of other flags that matter,
 * and compiles. It checks neither the bytes nor that the script is the same, but for its length: a cache is to be trusted as the script is.
 */
function compile(folder: string, script: string): Script {
  const filename = join(folder, `${script}.cjs`)
  const cache = join(folder, `${script}.cache`)
  const text = readFileSync(filename, 'utf8')
  return new Script(text, {
    filename,
    ...(existsSync(cache) ? { cachedData: readFileSync(cache) } : {}),
  })
}
