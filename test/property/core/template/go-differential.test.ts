import { spawnSync } from 'node:child_process'
import { expect, test } from '@jest/globals'
import { JsonNumber, type JsonValue, parseJson } from '../../../../core/json.ts'
import { fromByteString, toByteString } from '../../../../core/template/byte-string.ts'
import { builtinFunctions } from '../../../../core/template/functions/builtin.ts'
import { comparisonFunctions } from '../../../../core/template/functions/comparison.ts'
import { parseDefinitions } from '../../../../core/template/parser.ts'
import { Rendering } from '../../../../core/template/rendering.ts'
import { executeDefinition, renderMain } from '../../../../core/template/statements.ts'
import { TemplateError } from '../../../../core/template/template.ts'
import {
  anyMap,
  type ConcreteValue,
  float,
  grownList,
  type Value,
} from '../../../../core/template/values.ts'
import { TemplateGrammar } from '../../../support/template-grammar.ts'
import { seededRandom, templateData } from '../../../support/template-words.ts'

/** `GO_TEMPLATES=100000 GO_SEED=7` compares more of them, and others. */
const count = Number(process.env['GO_TEMPLATES'] ?? 5000)
const seed = Number(process.env['GO_SEED'] ?? 1)

const functions = new Map(
  [...builtinFunctions, ...comparisonFunctions].map((entry) => [entry.name, entry] as const),
)
const data = fromJson(parseJson(JSON.stringify(templateData)))

/** As encoding/json decodes into `interface {}`. */
function fromJson(value: JsonValue): Value {
  if (value === null) return undefined
  if (typeof value === 'boolean') return value
  if (typeof value === 'string') return toByteString(value)
  if (value instanceof JsonNumber) return float(Number(value.text))
  if (value instanceof Map) {
    return anyMap(
      new Map(Array.from(value, ([key, member]) => [toByteString(key), concrete(member)])),
    )
  }
  return grownList(Array.from(value, concrete))
}

function concrete(value: JsonValue): ConcreteValue | undefined {
  const made = fromJson(value)
  return typeof made === 'object' && made.kind === 'interface' ? made.value : made
}

/** As the oracle prefixes its answers. */
function render(text: string): string {
  try {
    const name = 'tpl'
    const definitions = parseDefinitions({
      name,
      text: toByteString(text),
      leftDelimiter: '{{',
      rightDelimiter: '}}',
      isFunction: (word) => functions.has(word),
    })
    const source = { name, text: toByteString(text), definitions, errorOnMissingKey: true }
    const rendering = new Rendering({
      source,
      functions,
      environment: new Map(),
      limits: { steps: 1e9, outputBytes: 1e9, depth: 1000, timeMs: 1e6 },
      now: undefined,
      clock: undefined,
      random: undefined,
      secret: () => undefined,
      local: () => undefined,
      execute: executeDefinition,
    })
    return fromByteString(renderMain(rendering, data))
  } catch (thrown) {
    if (!(thrown instanceof TemplateError)) throw thrown
    const phase = thrown.code === 'template_invalid' ? 'parse' : 'exec'
    return `Template ${phase} error: ${thrown.message}`
  }
}

/** Go's answers; undefined for a template that exhausted the engine's memory or stack. */
function askGo(templates: readonly string[]): readonly (string | undefined)[] {
  const answers: (string | undefined)[] = []
  while (answers.length < templates.length) {
    const { stdout } = spawnSync(process.execPath, ['test/support/go-oracle.ts'], {
      input: templates
        .slice(answers.length)
        .map((text) => JSON.stringify(text))
        .join('\n'),
      maxBuffer: 2 ** 30,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    const lines = stdout.split('\n').filter((line) => line !== '')
    answers.push(...lines.map((line): string => JSON.parse(line)))
    if (answers.length < templates.length) answers.push(undefined)
  }
  return answers
}

test(`${count} random templates render as Go renders them, errors included`, () => {
  const grammar = new TemplateGrammar(seededRandom(seed))
  const templates = Array.from({ length: count }, () => grammar.next())
  const answers = askGo(templates)
  const exhausted = answers.filter((answer) => answer === undefined).length
  expect(exhausted).toBeLessThan(1 + count / 1000)
  const suspects = compare(templates, answers).map(({ template }) => template)
  // Now and then the bridge to the engine garbles a text that is not ASCII: what differs is asked for once more.
  expect(compare(suspects, askGo(suspects)).slice(0, 20)).toEqual([])
}, 900_000)

function compare(templates: readonly string[], answers: readonly (string | undefined)[]) {
  return templates.flatMap((template, at) => {
    const go = answers[at]
    if (go === undefined) return []
    const ours = render(template)
    return ours === go ? [] : [{ template, go, ours }]
  })
}
