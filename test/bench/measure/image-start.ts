/** How an image starts Node, read from its Dockerfile: what is measured is what is shipped. */

export interface ImageStart {
  /** Flags of Node. */
  readonly flags: readonly string[]
  readonly environment: Readonly<Record<string, string>>
}

/** Of the last stage: its ENTRYPOINT in JSON, and the last ENV line of variables for Node or its libraries. */
export function readImageStart(dockerfile: string): ImageStart {
  const entrypoint = [...dockerfile.matchAll(/^ENTRYPOINT (\[.*\])$/gm)].at(-1)?.[1]
  if (entrypoint === undefined) throw new Error('a Dockerfile without an ENTRYPOINT in JSON')
  const words: readonly string[] = JSON.parse(entrypoint)
  const variables = [...dockerfile.matchAll(/^ENV (.*)$/gm)].at(-1)?.[1] ?? ''
  const pairs = variables.matchAll(/(\w+)=(\S+)/g)
  return {
    flags: words.filter((word) => word.startsWith('--')),
    environment: Object.fromEntries(Array.from(pairs, ([, name, value]) => [name, value])),
  }
}
