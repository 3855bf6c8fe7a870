import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { build } from 'esbuild'
import { lazyImports, nameFiles } from '../../../scripts/lazy-imports.ts'

const folder = mkdtempSync(join(tmpdir(), 'claviger-lazy-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function run(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  const { outputFiles, metafile } = await build({
    entryPoints: [join(folder, 'main.ts')],
    bundle: true,
    format: 'cjs',
    platform: 'node',
    write: false,
    metafile: true,
    plugins: [lazyImports],
  })
  expect(nameFiles(JSON.stringify(metafile))).not.toContain('lazy:')
  const told: string[] = []
  new Function('tell', 'require', outputFiles[0]?.text ?? '')(
    (text: string) => told.push(text),
    () => ({ join }),
  )
  return told
}

const noted = (name: string, body: string) => `tell('${name}')\n${body}`

test('a module is evaluated once, when something of it is first used', async () => {
  const told = await run({
    'main.ts': `import { type Kind, Thing, two } from './used.ts'
import { never } from './unused.ts'
const use = (kind: Kind) => kind === 'other' ? never() : tell(String(new Thing(two).value))
tell('main')
use('one')
use('one')`,
    'used.ts': noted(
      'used',
      `import { join } from 'node:path'
export type Kind = 'one' | 'other'
export const two = join('a', 'b')
export class Thing { value; constructor(value: string) { this.value = value } }`,
    ),
    'unused.ts': noted('unused', 'export function never() {}'),
  })
  expect(told).toEqual(['main', 'used', 'a/b', 'a/b'])
})
