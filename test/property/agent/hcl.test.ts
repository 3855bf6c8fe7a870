/** HCL against hashicorp/hcl v1, compiled to JavaScript: what is written is read the same, and no text brings the parser down. */
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import * as oracle from 'js-hcl-parser'
import { parseHcl } from '../../../agent/config/hcl/parse-hcl.ts'
import { toPlain } from '../../support/plain-json.ts'

const name = fc
  .stringMatching(/^[a-z_][a-z0-9_.-]{0,6}$/)
  .filter((text) => !/^(?:true|false)$/.test(text))
const quoted = fc
  .array(
    fc.oneof(
      fc.stringMatching(/^[ -~]{0,8}$/).map((text) => text.replace(/["\\$]/g, '')),
      fc.constantFrom('\\n', '\\"', '\\\\', '\\t', '\\x41', '\\101', '\\u00e9', 'ü', '$', '{', '}'),
      fc.constantFrom(`\${x}`, `\${ "q" }`, `\${a{b}c}`),
    ),
    { maxLength: 5 },
  )
  // A dollar that another piece turns into the start of an interpolation may leave the string open.
  .map((pieces) => `"${pieces.join(' ')}"`)
const number = fc.oneof(
  fc.integer().map(String),
  fc.nat(0o7777).map((value) => `0${value.toString(8)}`),
  fc.nat().map((value) => `0x${value.toString(16)}`),
  fc.tuple(fc.integer({ min: -999, max: 999 }), fc.nat(99)).map((parts) => parts.join('.')),
  fc.tuple(fc.nat(9), fc.integer({ min: -9, max: 9 })).map((parts) => parts.join('e')),
)
const line = fc.stringMatching(/^[ -~]{0,12}$/).filter((text) => !/^\s*E\s*$/.test(text))
// The oracle overlooks the end of `<<-E` where that has no indentation.
const heredoc = fc
  .tuple(fc.constantFrom('', '-'), fc.array(line, { maxLength: 4 }), fc.constantFrom('  ', '\t'))
  .map(([dash, lines, indent]) => {
    const body = lines.map((text) => `${text}\n`).join('')
    return `<<${dash}E\n${body}${indent}E\n`
  })
const scalar = fc.oneof(quoted, number, heredoc, fc.constantFrom('true', 'false'))
const space = fc.constantFrom(' ', '\n', '\t', ' # note\n', ' // note\n', ' /* note */ ')

const { body } = fc.letrec<{ body: string; item: string; value: string }>((tie) => ({
  body: fc
    .uniqueArray(fc.tuple(name, tie('item')), { maxLength: 4, selector: ([key]) => key })
    .chain((items) =>
      space.map((gap) => items.map(([key, rest]) => `${key} ${rest}`).join(`${gap}\n`)),
    ),
  item: fc.oneof(
    { depthSize: 'small' },
    tie('value').map((value) => `= ${value}`),
    tie('body').map((inner) => `{\n${inner}\n}`),
    fc.tuple(quoted, tie('body')).map(([label, inner]) => `${label} {\n${inner}\n}`),
  ),
  value: fc.oneof(
    { depthSize: 'small' },
    scalar,
    fc.array(fc.oneof(quoted, number), { maxLength: 3 }).map((list) => `[${list.join(', ')}]`),
    tie('body').map((inner) => `{\n${inner}\n}`),
  ),
}))

/** Undefined where the text is refused. */
function askOracle(text: string): unknown {
  const answer = oracle.parse(text)
  return answer.startsWith('unable to') ? undefined : JSON.parse(answer)
}

function parse(text: string): unknown {
  const parsed = parseHcl(text, 'f')
  return parsed.kind === 'ok' ? toPlain(parsed.value) : undefined
}

describe('documents', () => {
  test('are read as the oracle reads them', () => {
    fc.assert(
      fc.property(body, (text) => {
        expect(parse(text)).toEqual(askOracle(text))
      }),
      { numRuns: 150 },
    )
  })
})

describe('any text', () => {
  const fragments = fc
    .array(
      fc.oneof(
        scalar,
        name,
        fc.constantFrom(
          '{',
          '}',
          '[',
          ']',
          '=',
          ',',
          '"',
          '\\',
          '<<E',
          '/*',
          '#',
          '\n',
          `\${`,
          '-',
          '.',
        ),
        fc.string({ unit: 'binary', maxLength: 4 }),
      ),
      { maxLength: 12 },
    )
    .map((pieces) => pieces.join(' '))

  test('gives values, or problems with their places', () => {
    fc.assert(
      fc.property(fragments, (text) => {
        const parsed = parseHcl(text, 'f')
        if (parsed.kind === 'ok') return
        expect(parsed.issues.length).toBeGreaterThan(0)
        for (const { at, path } of parsed.issues) {
          expect(path).toBe(`f:${at?.line}:${at?.column}`)
          expect(at?.line).toBeLessThanOrEqual(text.split('\n').length)
        }
      }),
      { numRuns: 1000 },
    )
  })
})
