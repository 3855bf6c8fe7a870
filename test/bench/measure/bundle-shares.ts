/** Which part of a program is there for one thing alone, out of esbuild's metafiles. */

/** The part of it that is read. */
export interface Metafile {
  readonly inputs: Readonly<
    Record<string, { readonly imports: readonly { readonly path: string }[] }>
  >
  readonly outputs: Readonly<
    Record<
      string,
      {
        readonly entryPoint?: string
        readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>
      }
    >
  >
}

/** Bytes of what would not be there if nobody imported these modules. Throws for one that is not there. */
export type MeasureShare = (modules: readonly string[]) => number

/** Of a program in several scripts, the first of which begins; `SCRIPT/MODULE` is an import of what is in another. */
export function measureShares(scripts: readonly Metafile[]): MeasureShare {
  const inputs = new Map(scripts.flatMap((script) => Object.entries(script.inputs)))
  const outputs = scripts.flatMap((script) => Object.values(script.outputs))
  const sizes = new Map(outputs.flatMap((output) => Object.entries(output.inputs)))
  const [entry] = outputs.flatMap(({ entryPoint }) => entryPoint ?? [])
  const reach = (absent: ReadonlySet<string>) => {
    const reached = new Set<string>()
    const pending = entry === undefined ? [] : [entry]
    for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
      if (absent.has(path) || reached.has(path)) continue
      reached.add(path)
      const imports = inputs.get(path)?.imports ?? []
      pending.push(...imports.map((imported) => imported.path.replace(/^agent-\w+\//, '')))
    }
    return [...reached].reduce((sum, path) => sum + (sizes.get(path)?.bytesInOutput ?? 0), 0)
  }
  const whole = reach(new Set())
  return (modules) => {
    const missing = modules.filter((module) => !sizes.has(module))
    if (missing.length > 0) throw new Error(`the program does not have ${missing.join(', ')}`)
    return whole - reach(new Set(modules))
  }
}
