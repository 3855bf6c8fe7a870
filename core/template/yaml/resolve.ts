/** What a plain YAML 1.1 scalar means. Source: yaml.v2's resolve. */
import { parseGoFloat, parseGoInt, parseGoUint } from '../strconv.ts'
import { float, int, type Value } from '../values.ts'

export type ScalarTag = 'str' | 'bool' | 'null' | 'int' | 'float' | 'timestamp'

export interface ResolvedScalar {
  readonly tag: ScalarTag
  /** The text itself for strings and timestamps, undefined for null. */
  readonly value: Value
}

const named = new Map<string, ResolvedScalar>([
  ...spellings('y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON', { tag: 'bool', value: true }),
  ...spellings('n|N|no|No|NO|false|False|FALSE|off|Off|OFF', { tag: 'bool', value: false }),
  ...spellings('|~|null|Null|NULL', { tag: 'null', value: undefined }),
  ...spellings('.nan|.NaN|.NAN', { tag: 'float', value: float(Number.NaN) }),
  ...spellings('.inf|.Inf|.INF|+.inf|+.Inf|+.INF', {
    tag: 'float',
    value: float(Number.POSITIVE_INFINITY),
  }),
  ...spellings('-.inf|-.Inf|-.INF', { tag: 'float', value: float(Number.NEGATIVE_INFINITY) }),
])

function spellings(
  texts: string,
  resolved: ResolvedScalar,
): readonly (readonly [string, ResolvedScalar])[] {
  return texts.split('|').map((text) => [text, resolved])
}

const floatForm = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/

/** Numbers in bases 2, 8, 10 and 16, words for truth and nothing, dates; everything else is a string. */
export function resolveScalar(text: string): ResolvedScalar {
  const known = named.get(text)
  if (known !== undefined) return known
  if (/^\./.test(text)) return resolveFloat(text) ?? { tag: 'str', value: text }
  if (!/^[-+0-9]/.test(text)) return { tag: 'str', value: text }
  if (isTimestamp(text)) return { tag: 'timestamp', value: text }
  return resolveNumber(text.replaceAll('_', '')) ?? { tag: 'str', value: text }
}

function resolveNumber(plain: string): ResolvedScalar | undefined {
  const signed = parseGoInt(plain, 0)
  if (signed.kind === 'ok') return { tag: 'int', value: int(signed.value) }
  const unsigned = parseGoUint(plain, 0)
  if (unsigned.kind === 'ok') {
    return { tag: 'int', value: { kind: 'uint', type: 'uint64', value: unsigned.value } }
  }
  return floatForm.test(plain) ? resolveFloat(plain) : undefined
}

function resolveFloat(text: string): ResolvedScalar | undefined {
  const parsed = parseGoFloat(text)
  return parsed.kind === 'ok' ? { tag: 'float', value: float(parsed.value) } : undefined
}

const timestampForm =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?: (\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?)|(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?(?:Z|[-+]\d\d:\d\d)))?$/

function isTimestamp(text: string): boolean {
  const match = timestampForm.exec(text)
  if (match === null) return false
  const [year = 0, month = 0, day = 0, ...clock] = match.slice(1).map((part) => Number(part ?? 0))
  const [hour = 0, minute = 0, second = 0] = match[7] === undefined ? clock : clock.slice(3)
  const isDay = month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month)
  return isDay && hour < 24 && minute < 60 && second < 60
}

function daysIn(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  if (month === 2) return isLeap ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}
