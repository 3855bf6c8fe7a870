/** Sizes of images: those that the end-to-end suite has built last, and others that are given. */
import { existsSync, globSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Layer, readImage } from '../../e2e/images/archive.ts'
import { paths } from '../../e2e/settings.ts'
import type { Bench } from '../measure/bench.ts'
import { type Findings, type Point, pointOf } from '../report/results.ts'

/** Names under which the suite exports them. */
const own = ['agent', 'vault-agent', 'webhook'] as const

export async function benchImages(bench: Bench): Promise<Findings> {
  const archives = new Map([
    ...own.flatMap((name) => {
      const newest = findNewest(`claviger-${name}-*.tar`)
      return newest === undefined ? [] : [[`claviger-${name}`, newest] as const]
    }),
    ...bench.images,
  ])
  const layers = new Map<string, Layer>()
  const [compressed, unpacked]: [Point[], Point[]] = [[], []]
  for (const [name, path] of archives) {
    const image = await readImage(path, layers)
    const size = image.layers.reduce((sum, layer) => sum + layer.compressed, 0)
    const whose = bench.images.has(name) ? 'vaultAgent' : 'claviger'
    compressed.push(pointOf(name, new Map([[whose, [size / 1e6]]])))
    unpacked.push(pointOf(name, new Map([[whose, [statSync(path).size / 1e6]]])))
  }
  return {
    method:
      'Layers as a registry keeps them, gzip level 6, and the archive that they unpack to. Ours are those of the end-to-end suite, whose Node is the one of the machine that built them; `--image NAME=ARCHIVE` adds another.',
    notes: archives.size === 0 ? ['No image is built: `npm run test:e2e` builds them.'] : [],
    measures: [
      { name: 'compressed', title: 'Compressed', unit: 'MB', points: compressed },
      { name: 'unpacked', title: 'Unpacked', unit: 'MB', points: unpacked },
    ],
  }
}

/** Names end in a hash: `claviger-agent-*` must not find `claviger-agent-distroless-…`. */
function findNewest(pattern: string): string | undefined {
  if (!existsSync(paths.archives)) return undefined
  return globSync(pattern, { cwd: paths.archives })
    .filter((name) => /^claviger-(agent|vault-agent|webhook)-[0-9a-f]+\.tar$/.test(name))
    .map((name) => join(paths.archives, name))
    .toSorted((left, right) => statSync(left).mtimeMs - statSync(right).mtimeMs)
    .at(-1)
}
