/** Rendering beside consul-template's own engine, and what it costs to load ours. */
import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { type JsonObject, type JsonValue, parseJson, stringifyJson } from '../../core/json.ts'
import { parseTemplate, renderTemplate } from '../../core/template/template.ts'
import { formatTable, summarize } from './statistics.ts'

export interface TemplateFigures {
  readonly table: string
  readonly loading: string
}

const path = 'secret/data/app'
const json = `{"data": {"user": "ada", "password": "p@ss \\"w\\" $1", "host": "db.internal", "port": 5432, "hosts": [${Array.from({ length: 10 }, (_, at) => `{"name": "h${at}", "weight": ${at}}`).join(', ')}]}, "metadata": {"version": 3}}`

/** What a pod's annotations typically hold, from the default to a whole configuration file. */
const templates: readonly (readonly [string, string])[] = [
  [
    'default',
    `{{ with secret "${path}" }}{{ range $k, $v := .Data }}{{ $k }}: {{ $v }}\n{{ end }}{{ end }}`,
  ],
  ['json', `{{ with secret "${path}" }}{{ .Data.data | toJSON }}\n{{ end }}`],
  [
    'environment',
    `{{ with secret "${path}" }}{{ with .Data.data }}export DB_USER={{ .user | toJSON }}\nexport DB_PASSWORD={{ .password | toJSON }}\nexport DB_URL="postgres://{{ .user | urlquery }}:{{ .password | urlquery }}@{{ .host }}:{{ .port }}/app"\n{{ end }}{{ end }}`,
  ],
  [
    'list of hosts',
    `{{ with secret "${path}" }}{{ range $i, $h := .Data.data.hosts }}{{ if $i }},{{ end }}\n  server {{ $h.name }}:{{ printf "%s" $h.weight }} {{ if eq $h.name "h3" }}backup{{ else }}weight={{ $h.weight }}{{ end }}{{ end }}\n{{ end }}`,
  ],
  ['yaml', `{{ with secret "${path}" }}{{ .Data.data | toYAML }}\n{{ end }}`],
]

export async function benchTemplates(root: string, seconds: number): Promise<TemplateFigures> {
  const go = measureGo(root, seconds)
  const rows = templates.map(([name, text], at) => {
    const ours = measureOurs(text, seconds)
    const theirs = go?.[at]
    const same = theirs === undefined ? '' : theirs.output === ours.output ? 'same' : 'DIFFERENT'
    return [
      name,
      ours.perSecond.toFixed(0),
      theirs?.perSecond.toFixed(0) ?? 'not built',
      theirs === undefined ? '' : (ours.perSecond / theirs.perSecond).toFixed(2),
      same,
    ]
  })
  return {
    table: formatTable([['', 'ours', 'consul-template', 'ratio', 'output'], ...rows]),
    loading: await measureLoading(root),
  }
}

interface Figure {
  readonly perSecond: number
  readonly output: string
}

function asObject(value: JsonValue): JsonObject {
  if (value instanceof Map) return value
  throw new Error('not an object')
}

/** As the agent renders: parsed once, rendered whenever answers arrive. */
function measureOurs(text: string, seconds: number): Figure {
  const template = parseTemplate({ name: '', text })
  const answer = {
    requestId: '',
    leaseId: '',
    leaseDuration: 0,
    renewable: false,
    data: asObject(parseJson(json)),
    warnings: [],
  }
  const render = () => renderTemplate(template, { secret: () => answer }).output
  const start = performance.now()
  const used = cpuSeconds()
  let count = 0
  let output = render()
  while (performance.now() - start < seconds * 1000) {
    for (let round = 0; round < 20; round++) output = render()
    count += 20
  }
  return { perSecond: count / (cpuSeconds() - used), output: Buffer.from(output).toString() }
}

/** Of the whole process, its collector and compiler included: a shared machine disturbs this least. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** Undefined where there is no Go, or its modules cannot be had. */
function measureGo(root: string, seconds: number): readonly Figure[] | undefined {
  const binary = join(root, 'consul-template-bench')
  const built = spawnSync('go', ['build', '-o', binary, '.'], {
    cwd: 'test/bench/go',
    stdio: 'ignore',
  })
  if (built.status !== 0) return undefined
  const texts = stringifyJson(templates.map(([, text]) => text))
  const input = `{"path":"${path}","data":${json},"templates":${texts},"seconds":${seconds}}`
  const { stdout } = spawnSync(binary, { input, encoding: 'utf8' })
  return JSON.parse(stdout)
}

/** A bundle of the engine alone, as the agent holds it, in processes of its own. */
async function measureLoading(root: string): Promise<string> {
  const bundle = join(root, 'engine.cjs')
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
  const rows = [
    ['require', ''],
    [
      'require, parse and render',
      `const t = e.parseTemplate({ name: '', text: '{{ toUpper "x" }}' }); e.renderTemplate(t, { secret: () => undefined });`,
    ],
    [
      'the same with a regular expression',
      `const t = e.parseTemplate({ name: '', text: '{{ regexMatch "x" "x" }}' }); e.renderTemplate(t, { secret: () => undefined });`,
    ],
  ].map(([name = '', work = '']) => {
    const program = `const s = process.cpuUsage(); const e = require(${JSON.stringify(bundle)}); ${work} const u = process.cpuUsage(s); process.stdout.write(String((u.user + u.system) / 1000))`
    const times = Array.from({ length: 15 }, () =>
      Number(spawnSync(process.execPath, ['-e', program], { encoding: 'utf8' }).stdout),
    )
    const { median, min, max } = summarize(times)
    return [name, median.toFixed(1), min.toFixed(1), max.toFixed(1)]
  })
  const size = (statSync(bundle).size / 1024).toFixed(0)
  return `${formatTable([['', 'median', 'min', 'max'], ...rows])}\nthe engine alone: ${size} KiB of the agent's ${(statSync('dist/agent-program.cjs').size / 1024).toFixed(0)} KiB`
}
