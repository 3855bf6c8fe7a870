/** Bundles the three programs into dist/*.cjs and keeps esbuild's metafiles beside them. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'
import { programs } from './programs.ts'

const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
mkdirSync('dist', { recursive: true })

for (const { name, entry } of programs) {
  const { metafile } = await build({
    entryPoints: [entry],
    outfile: `dist/${name}.cjs`,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    minify: true,
    keepNames: true,
    metafile: true,
    legalComments: 'linked',
    define: { CLAVIGER_VERSION: JSON.stringify(version) },
    logLevel: 'warning',
  })
  writeFileSync(`dist/${name}.meta.json`, JSON.stringify(metafile))
}
