/** Regular expressions. Source: consul-template's template/funcs.go and sprig's regex.go. */
import { quote } from '../quote.ts'
import { quoteMeta, RegularExpression } from '../regular-expression.ts'
import { stringList, type Value } from '../values.ts'
import {
  binary,
  type GoFunction,
  intParameter,
  orElse,
  prefixing,
  stringParameter,
  ternary,
  unary,
} from './function.ts'

const twoTexts = [stringParameter, stringParameter] as const
const threeTexts = [stringParameter, stringParameter, stringParameter] as const
const textsAndCount = [stringParameter, stringParameter, intParameter] as const

export const regexFunctions: readonly GoFunction[] = [
  binary('regexMatch', twoTexts, matches),
  ternary('regexReplaceAll', threeTexts, (pattern, replacement, text) =>
    replaceAll(pattern, text, replacement),
  ),
  binary('sprig_regexMatch', twoTexts, matchesOrNot),
  binary('sprig_mustRegexMatch', twoTexts, matches),
  unary('sprig_regexQuoteMeta', stringParameter, quoteMeta),
  ...both('Find', (name) => binary(name, twoTexts, guarded(name, find))),
  ...both('FindAll', (name) => ternary(name, textsAndCount, guarded(name, findAll))),
  ...both('Split', (name) => ternary(name, textsAndCount, guarded(name, split))),
  ...both('ReplaceAll', (name) => ternary(name, threeTexts, guarded(name, replaceAll))),
  ...both('ReplaceAllLiteral', (name) =>
    ternary(name, threeTexts, guarded(name, replaceLiterally)),
  ),
]

/** Two functions that differ in how they report a pattern that is none. */
function both(name: string, create: (name: string) => GoFunction): readonly GoFunction[] {
  return [`sprig_regex${name}`, `sprig_mustRegex${name}`].map(create)
}

/** Without `must` sprig panics over a bad pattern, which quotes it once more. */
function guarded<Words extends readonly [string, ...unknown[]]>(
  name: string,
  run: (...words: Words) => Value,
): (...words: Words) => Value {
  if (name.startsWith('sprig_must')) return run
  return (...words) => {
    const [pattern] = words
    const quoted = pattern.includes('`') ? quote(pattern) : `\`${pattern}\``
    return prefixing(['regexp: Compile(', { value: quoted }, '): '], () => run(...words))
  }
}

function matches(pattern: string, text: string): boolean {
  return new RegularExpression(pattern).test(text)
}

function matchesOrNot(pattern: string, text: string): boolean {
  return orElse(false, () => matches(pattern, text))
}

function find(pattern: string, text: string): string {
  const [match] = new RegularExpression(pattern).findAll(text, 1)
  return match === undefined ? '' : text.slice(match[0].start, match[0].end)
}

function findAll(pattern: string, text: string, limit: bigint): Value {
  const found = new RegularExpression(pattern).findAll(text, Number(limit))
  return listOrNil(
    found.length === 0 ? undefined : found.map(([{ start, end }]) => text.slice(start, end)),
  )
}

function split(pattern: string, text: string, limit: bigint): Value {
  return listOrNil(new RegularExpression(pattern).split(text, Number(limit)))
}

function listOrNil(items: readonly string[] | undefined): Value {
  return { ...stringList(items ?? []), ...(items === undefined ? { isNil: true } : {}) }
}

function replaceAll(pattern: string, text: string, replacement: string): string {
  const expression = new RegularExpression(pattern)
  return expression.replaceAll(text, (match) => expression.expand(replacement, text, match))
}

function replaceLiterally(pattern: string, text: string, replacement: string): string {
  return new RegularExpression(pattern).replaceAll(text, () => replacement)
}
