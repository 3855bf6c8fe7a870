/**
 * Inside of an image's build, on its own platform: `node image-files.ts ROOT SBOM[,SBOM…] [waiter]` writes Node and its libraries below ROOT,
 * with `waiter` that program, too, and below it /claviger/sbom.cdx.json, which is the first SBOM with the components of the others and them added. Needs strip and dpkg-query, for
 * the waiter also gcc and the static C library.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Bom, printBom } from './images/document.ts'
import { copyNode } from './images/node-files.ts'
import { makeWaiter } from './images/waiter-files.ts'

const [root = '', sbom = '', waiter] = process.argv.slice(2)
const [bom, ...others] = sbom.split(',').map((path): Bom => JSON.parse(readFileSync(path, 'utf8')))
if (bom === undefined) throw new Error('no SBOM')
const bundled = [bom, ...others].flatMap(({ components: each }) => each)
const components = [
  ...copyNode(join(root, 'node')),
  ...(waiter === 'waiter' ? makeWaiter(join(root, 'waiter'), bom.metadata.component.version) : []),
  ...new Map(bundled.map((component) => [component['bom-ref'], component])).values(),
]
mkdirSync(join(root, 'sbom/claviger'), { recursive: true })
writeFileSync(join(root, 'sbom/claviger/sbom.cdx.json'), printBom({ ...bom, components }))
