/** Renderings of a template, by our engine in this process and by consul-template's in one of its own. */
import { spawnSync } from 'node:child_process'
import { type JsonObject, type JsonValue, parseJson, stringifyJson } from '../../../core/json.ts'
import { parseTemplate, renderTemplate } from '../../../core/template/template.ts'
import { secretJson, secretPath, type TemplateCase } from './template-cases.ts'

export interface Rendering {
  /** Milliseconds of processor time, collector and compiler included: a shared machine disturbs this least. */
  readonly processorMs: number
  readonly output: string
}

/** As the agent renders: parsed once, rendered whenever answers arrive; or, as after hibernation, parsed anew each time. */
export function renderOurs(
  { text }: TemplateCase,
  seconds: number,
  parsesAnew: boolean,
): Rendering {
  const answer = {
    requestId: '',
    leaseId: '',
    leaseDuration: 0,
    renewable: false,
    data: asObject(parseJson(secretJson)),
    warnings: [],
  }
  const parse = () => parseTemplate({ name: '', text })
  const parsed = parse()
  const render = () =>
    renderTemplate(parsesAnew ? parse() : parsed, { secret: () => answer }).output
  let output = render()
  const [begun, used] = [performance.now(), usedMs()]
  let count = 0
  while (performance.now() - begun < seconds * 1000) {
    output = render()
    count += 1
  }
  return { processorMs: (usedMs() - used) / count, output: Buffer.from(output).toString() }
}

/** `program` is test/bench/go/main.go: it parses anew with every rendering, as consul-template does. */
export function renderTheirs(
  program: string,
  cases: readonly TemplateCase[],
  seconds: number,
): readonly Rendering[] {
  const texts = stringifyJson(cases.map(({ text }) => text))
  const input = `{"path":"${secretPath}","data":${secretJson},"templates":${texts},"seconds":${seconds}}`
  const { stdout } = spawnSync(program, { input, encoding: 'utf8', maxBuffer: 2 ** 30 })
  // Shape: test/bench/go/main.go, figure.
  const figures: readonly { readonly perSecond: number; readonly output: string }[] =
    JSON.parse(stdout)
  return figures.map(({ perSecond, output }) => ({ processorMs: 1000 / perSecond, output }))
}

function usedMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

function asObject(value: JsonValue): JsonObject {
  if (value instanceof Map) return value
  throw new Error('not an object')
}
