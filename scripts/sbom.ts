/** Writes dist/<program>.sbom.json: what each bundle of `npm run build` holds, as CycloneDX. */
import { readFileSync, writeFileSync } from 'node:fs'
import { agentScripts } from './agent-scripts.ts'
import { listComponents } from './images/bundle-components.ts'
import { createBom, printBom } from './images/document.ts'
import { programs } from './programs.ts'

const readJson = (path: string) => JSON.parse(readFileSync(path, 'utf8'))
const { version } = readJson('package.json')
const lockfile = readJson('package-lock.json')

for (const { name } of [...programs, ...agentScripts]) {
  const components = listComponents(readJson(`dist/${name}.meta.json`), lockfile)
  writeFileSync(`dist/${name}.sbom.json`, printBom(createBom({ name, version }, components)))
}
