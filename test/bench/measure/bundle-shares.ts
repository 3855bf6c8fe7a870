/** Which part of a bundle is there for one thing alone, out of esbuild's metafile. */

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
        readonly bytes: number
        readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>
      }
    >
  >
}

export interface Bundle {
  readonly bytes: number
  /** What would not be in it if nobody imported these modules, bytes. Throws for one that is not in it. */
  readonly onlyFor: (modules: readonly string[]) => number
}

/** `output` as the metafile names it, such as `dist/agent-program.cjs`. Throws for one that it has not. */
export function openBundle({ inputs, outputs }: Metafile, output: string): Bundle {
  const written = outputs[output]
  const entry = written?.entryPoint
  if (written === undefined || entry === undefined) throw new Error(`no bundle ${output}`)
  const sizes = written.inputs
  const reach = (absent: ReadonlySet<string>) => {
    const reached = new Set<string>()
    const pending = [entry]
    for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
      if (absent.has(path) || reached.has(path)) continue
      reached.add(path)
      pending.push(...(inputs[path]?.imports ?? []).map((imported) => imported.path))
    }
    return [...reached].reduce((sum, path) => sum + (sizes[path]?.bytesInOutput ?? 0), 0)
  }
  const whole = reach(new Set())
  const onlyFor = (modules: readonly string[]) => {
    const missing = modules.filter((module) => sizes[module] === undefined)
    if (missing.length > 0) throw new Error(`${output} does not have ${missing.join(', ')}`)
    return whole - reach(new Set(modules))
  }
  return { bytes: written.bytes, onlyFor }
}
