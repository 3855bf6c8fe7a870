/** What each format writes is read back by other people's readers. */
import { parseEnv } from 'node:util'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { CORE_SCHEMA, load } from 'js-yaml'
import { parse as parseToml } from 'smol-toml'
import { type JsonValue, parseJson } from '../../../../core/json.ts'
import { formats } from '../../../../core/template/formats/format.ts'
import { fromJson } from '../../../../core/template/json-value.ts'
import type { FormatName } from '../../../../core/template/vocabulary.ts'
import { unlessRefused } from '../../../support/refusal.ts'

const key = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }),
  fc.constantFrom('a', 'b', 'on', '1e3', '~', 'null', '__proto__'),
)
const scalar = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom(
    '',
    ' ',
    'yes',
    '0x1f',
    '1_000',
    '- a',
    '#',
    ': ',
    '"',
    '\\n',
    '\n',
    'a\n  b\n',
    "'",
    '012',
    '1:30',
    '.5',
    '=',
    '<<',
  ),
  fc.integer(),
  fc.boolean(),
)
const tree = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    scalar,
    fc.array(tie('node'), { maxLength: 3 }),
    fc.dictionary(key, tie('node'), { maxKeys: 3 }),
  ),
})).node
const document = fc.dictionary(key, tree, { maxKeys: 5 })

function write(format: FormatName, data: unknown): string {
  const value: JsonValue = parseJson(JSON.stringify(data))
  return Buffer.from(formats[format](fromJson(value)), 'latin1').toString('utf8')
}

function check(
  arbitrary: fc.Arbitrary<Record<string, unknown>>,
  format: FormatName,
  read: (text: string) => unknown,
): void {
  fc.assert(
    fc.property(arbitrary, (data) => {
      expect(plain(read(write(format, data)))).toEqual(plain(data))
    }),
    { numRuns: 300 },
  )
}

/** Without prototypes, whichever reader made the objects; `__proto__` is a key like any other. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === 'bigint') return Number(value)
  if (typeof value !== 'object' || value === null) return value
  return new Map(Object.entries(value).map(([name, member]) => [name, plain(member)]))
}

test('json', () => check(document, 'json', (text) => JSON.parse(text)))

test('yaml, by a reader of YAML 1.2', () =>
  check(document, 'yaml', (text) => load(text, { schema: CORE_SCHEMA })))

test('toml', () => {
  // TOML writes no line for a key `__proto__` that its reader would take.
  const safe = document.filter((data) => !JSON.stringify(data).includes('__proto__'))
  check(safe, 'toml', (text) => parseToml(text, { integersAsBigInt: 'asNeeded' }))
})

test('properties, by the algorithm of java.util.Properties', () => {
  const flat = fc.dictionary(key, fc.string({ unit: 'binary' }), { maxKeys: 6 })
  check(flat, 'properties', readProperties)
})

test('dotenv, by Node.js, or refused', () => {
  const name = fc.stringMatching(/^V[A-Za-z0-9_]{0,5}$/)
  const text = fc
    .array(
      fc.oneof(
        fc.constantFrom("'", '"', '`', '\\n', '\n', '$A', '#', '=', ' ', '\\'),
        fc.string({ unit: 'binary', maxLength: 4 }),
      ),
      { maxLength: 6 },
    )
    .map((pieces) => pieces.join(''))
  let read = 0
  fc.assert(
    fc.property(fc.dictionary(name, text, { maxKeys: 5 }), (data) => {
      const written = unlessRefused(() => write('dotenv', data))
      if (written === undefined) return
      read++
      expect(plain(parseEnv(written))).toEqual(plain(data))
    }),
    { numRuns: 500 },
  )
  expect(read).toBeGreaterThan(100)
})

/** Written after the documentation of load(Reader), for lines without continuation. */
function readProperties(text: string): Record<string, string> {
  const entries = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): readonly [string, string] => {
      const [, name = '', rest = ''] =
        /^((?:\\.|[^\\=: \t\f])*)[ \t\f]*[=:]?[ \t\f]*(.*)$/.exec(line) ?? []
      return [unescapeText(name), unescapeText(rest)]
    })
  return Object.fromEntries(entries)
}

function unescapeText(text: string): string {
  const letters = new Map([
    ['t', '\t'],
    ['n', '\n'],
    ['r', '\r'],
    ['f', '\f'],
  ])
  return text.replace(/\\(u[0-9a-f]{4}|.)/g, (_, code: string) =>
    code.length === 5
      ? String.fromCharCode(Number.parseInt(code.slice(1), 16))
      : (letters.get(code) ?? code),
  )
}
