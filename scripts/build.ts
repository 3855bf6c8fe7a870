/** Bundles the programs into dist/*.cjs, keeps esbuild's metafiles beside them, and compiles the waiter where that can be done. */
import { execFileSync } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { type BuildOptions, build, type Plugin } from 'esbuild'
import {
  agentScripts,
  divideModules,
  leaveToOthers,
  mainModule,
  mainScript,
  writeEntry,
} from './agent-scripts.ts'
import { lazyImports, nameFiles } from './lazy-imports.ts'
import { programs, unusedByNodeVault, unusedOfNodeVault } from './programs.ts'
import { compileWaiter } from './waiter-program.ts'

const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
const lazy = {
  re2js: resolve('stubs/lazy-re2js.cjs'),
  'handlebars/dist/cjs/handlebars/compiler/base.js': resolve('stubs/lazy-handlebars.cjs'),
}
const alias = Object.fromEntries(
  unusedByNodeVault.map((name) => [name, resolve('stubs/unused.cjs')]),
)
const leaveApart: Plugin = {
  name: 'apart',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\.ts$/ }, ({ kind, path, resolveDir }) => {
      const entry = relative('.', resolve(resolveDir, path))
      const bundle = programs.find((program) => program.isApart === true && program.entry === entry)
      if (kind === 'entry-point' || bundle === undefined) return undefined
      return { path: `./${bundle.name}.cjs`, external: true }
    }),
}
const leaveOut: Plugin = {
  name: 'unused',
  setup: ({ onResolve }) =>
    onResolve({ filter: unusedOfNodeVault }, ({ importer }) =>
      importer.includes('/node-vault/') ? { path: resolve('stubs/unused.cjs') } : undefined,
    ),
}
/** What agent/open-program.ts runs: an expression, since a script has no `require` of its own. */
const asFunction = { banner: { js: '(function(require,provide){' }, footer: { js: '})' } }
mkdirSync('dist', { recursive: true })
// V8 would take it for what it made of the new program.
for (const path of globSync('dist/*.cache')) rmSync(path)

const common = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  minify: true,
  metafile: true,
  // require() instead: a real import() starts the loader of ES modules, which takes longer than what it loads.
  supported: { 'dynamic-import': false },
  // A binding to a C library, which the driver does without.
  external: ['pg-native'],
  legalComments: 'linked',
  define: { CLAVIGER_VERSION: JSON.stringify(version) },
  logLevel: 'warning',
} satisfies BuildOptions

for (const { name, entry } of programs) {
  const { metafile } = await build({
    ...common,
    entryPoints: [entry],
    outfile: `dist/${name}.cjs`,
    keepNames: true,
    // Other packages use for real what node-vault does without.
    alias: name === 'claviger' ? { ...alias, ...lazy } : lazy,
    plugins: [leaveApart, leaveOut],
  })
  writeFileSync(`dist/${name}.meta.json`, JSON.stringify(metafile))
}

// Names are for stack traces, which the agent never prints; defining them takes part of its start.
const agent = { ...common, keepNames: false, alias: { ...alias, ...lazy } }
const plugins = [leaveApart, leaveOut, lazyImports]
const { metafile: undivided } = await build({
  ...agent,
  entryPoints: [mainModule],
  outfile: `dist/${mainScript}.cjs`,
  write: false,
  plugins,
})
const division = divideModules(JSON.parse(nameFiles(JSON.stringify(undivided.inputs))))
for (const { name } of agentScripts) {
  const { metafile } = await build({
    ...agent,
    ...asFunction,
    stdin: { contents: writeEntry(name, division), resolveDir: '.', sourcefile: name },
    outfile: `dist/${name}.cjs`,
    plugins: [leaveToOthers(name, division), ...plugins],
  })
  writeFileSync(`dist/${name}.meta.json`, nameFiles(JSON.stringify(metafile)))
}

// Of the Node that builds; an image has one of its own Node.
const words = ['--predictable', 'scripts/agent-cache.ts', 'dist', 'dist']
// What leads whoever builds to a store of theirs must not lead the agent there.
execFileSync(process.execPath, words, { stdio: 'pipe', env: {} })

// Only images need it, and theirs is compiled in their own build.
rmSync('dist/waiter', { force: true })
try {
  compileWaiter({ compiler: process.env['CC'] ?? 'cc', target: 'dist/waiter' })
} catch (thrown) {
  const { code } = thrown instanceof Error && 'code' in thrown ? thrown : { code: undefined }
  const why = code === 'ENOENT' ? 'there is no C compiler' : 'cc makes no static program for Linux'
  console.log(`dist/waiter is left out: ${why} here`)
}
