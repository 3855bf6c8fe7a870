/**
 * The scripts that the agent's program comes in. V8 holds the text of a script as long as anything of it is used, so what most agents never come
 * to is in scripts of its own. Each module is in one of them alone: a second copy of a class is another class.
 */
import { relative, resolve } from 'node:path'
import type { Plugin } from 'esbuild'

interface AgentScript {
  readonly name: string
  /** What the names of its modules begin with; what only these import is in it, too. */
  readonly owns: readonly string[]
}

export const mainScript = 'agent-program'
export const mainModule = 'agent/main.ts'

/** All but the first are opened by agent/open-program.ts when something of them is first used. */
export const agentScripts: readonly AgentScript[] = [
  { name: mainScript, owns: [mainModule] },
  { name: 'agent-clouds', owns: ['agent/auth/cloud/', 'core/cloud/'] },
  { name: 'agent-stores', owns: ['core/stores/open-store.ts'] },
  { name: 'agent-regexps', owns: ['node_modules/re2js/'] },
  { name: 'agent-traces', owns: ['agent/tracing/', 'core/tracing/'] },
]

/** The inputs of esbuild's metafile, with the names that the files have. */
type Inputs = Readonly<
  Record<
    string,
    { readonly imports: readonly { readonly path: string; readonly external?: boolean }[] }
  >
>

export interface Division {
  /** Module → its script. */
  readonly owners: ReadonlyMap<string, string>
  /** Script → its modules that others import. */
  readonly shared: ReadonlyMap<string, readonly string[]>
}

/** What several scripts come to is in the first of them. */
export function divideModules(inputs: Inputs): Division {
  const imports = new Map(
    Object.entries(inputs).map(([path, input]) => [
      nameModule(path),
      input.imports.flatMap((each) => (each.external === true ? [] : nameModule(each.path))),
    ]),
  )
  const owners = new Map<string, string>()
  for (const { name } of agentScripts) {
    const pending = [...imports.keys()].filter((module) => ownerByName(module) === name)
    for (let module = pending.pop(); module !== undefined; module = pending.pop()) {
      if (owners.has(module) || (ownerByName(module) ?? name) !== name) continue
      owners.set(module, name)
      pending.push(...(imports.get(module) ?? []))
    }
  }
  return { owners, shared: listShared(imports, owners) }
}

function ownerByName(module: string): string | undefined {
  return agentScripts.find(({ owns }) => owns.some((begin) => module.startsWith(begin)))?.name
}

function listShared(
  imports: ReadonlyMap<string, readonly string[]>,
  owners: Division['owners'],
): Division['shared'] {
  const crossing = Array.from(imports, ([importer, modules]) =>
    modules.filter((module) => owners.get(module) !== owners.get(importer)),
  ).flat()
  const shared = [...new Set(crossing)].toSorted()
  return new Map(
    agentScripts.map(({ name }) => [name, shared.filter((module) => owners.get(module) === name)]),
  )
}

/** Relative to the working directory; of an installed package the same wherever it is installed. */
function nameModule(path: string): string {
  return path.replace(/^.*(?=node_modules\/)/, '')
}

/** Where a script begins: it hands over what others import of it, and the first runs the agent. */
export function writeEntry(script: string, { shared }: Division): string {
  const entries = (shared.get(script) ?? []).map((module) => {
    const name = JSON.stringify(module)
    return `${name}: () => require(${JSON.stringify(`./${module}`)}),\n`
  })
  return `provide({\n${entries.join('')}})\n${script === mainScript ? `require('./${mainModule}')\n` : ''}`
}

/** In a script, what is in others becomes `require('SCRIPT/MODULE')`, for agent/open-program.ts to answer. */
export function leaveToOthers(script: string, { owners }: Division): Plugin {
  return {
    name: 'other-scripts',
    setup: ({ onResolve }) =>
      onResolve({ filter: /^\.{1,2}\// }, ({ path, resolveDir }) => {
        const module = nameModule(relative('.', resolve(resolveDir, path)))
        const owner = owners.get(module) ?? script
        return owner === script ? undefined : { path: `${owner}/${module}`, external: true }
      }),
  }
}
