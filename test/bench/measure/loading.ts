/** What it takes to load our template engine: a bundle of it alone, as the agent holds it, in processes of its own. */
import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'

/** Milliseconds of processor time, by what was done after loading. */
export async function measureLoading(
  folder: string,
  times: number,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const bundle = join(folder, 'engine.cjs')
  await build({
    entryPoints: ['core/template/template.ts'],
    outfile: bundle,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    alias: { re2js: resolve('stubs/lazy-re2js.cjs') },
    logLevel: 'error',
  })
  const render = (text: string) =>
    `const t = e.parseTemplate({ name: '', text: '${text}' }); e.renderTemplate(t, { secret: () => undefined });`
  const works = [
    ['loaded', ''],
    ['loaded and rendered once', render('{{ toUpper "x" }}')],
    ['with a regular expression', render('{{ regexMatch "x" "x" }}')],
  ] as const
  return new Map(
    works.map(([name, work]) => {
      const program = `const s = process.cpuUsage(); const e = require(${JSON.stringify(bundle)}); ${work} const u = process.cpuUsage(s); process.stdout.write(String((u.user + u.system) / 1000))`
      const run = () =>
        Number(spawnSync(process.execPath, ['-e', program], { encoding: 'utf8' }).stdout)
      return [name, Array.from({ length: times }, run)]
    }),
  )
}
