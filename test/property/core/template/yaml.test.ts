import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { toByteString } from '../../../../core/template/byte-string.ts'
import { anyList, anyMap, type ConcreteValue, float } from '../../../../core/template/values.ts'
import { toYaml } from '../../../../core/template/yaml/emitter.ts'
import { parseYaml } from '../../../../core/template/yaml/reader.ts'

/** Words and signs that YAML could take for something else. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'a',
        'yes',
        '1',
        '.',
        ': ',
        ' #',
        '- ',
        '"',
        "'",
        '\n',
        ' ',
        '\t',
        '[',
        '{',
        '|',
        '&',
        '<<',
        '\u2028',
      ),
      fc.string({ unit: 'grapheme', maxLength: 4 }),
    ),
    { maxLength: 12 },
  )
  // An escape of a surrogate or of U+FFFE has no reading in YAML.
  .map((parts) => parts.join('').replace(/[\ufffe\uffff]|\p{Cs}/gu, ''))
  // As in yaml.v2, a key of this name is written bare and read as a merge.
  .filter((joined) => joined !== '<<')

const value = fc.letrec<{ any: ConcreteValue | undefined }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    text.map(toByteString),
    fc.constantFrom(undefined, true, false),
    fc
      .double({ noNaN: true })
      .filter((number) => !Number.isInteger(number))
      .map(float),
    fc.array(tie('any'), { maxLength: 4 }).map(anyList),
    fc
      .array(fc.tuple(text.map(toByteString), tie('any')), { maxLength: 4 })
      .map((entries) => anyMap(new Map(entries))),
  ),
})).any

test('what toYAML writes, parseYAML reads back', () => {
  fc.assert(
    fc.property(value, (given) => {
      const yaml = toYaml(given)
      expect(toYaml(parseYaml(yaml))).toBe(yaml)
    }),
    { numRuns: 400 },
  )
})

test('any text is read or refused, and reading ends', () => {
  const signs = fc.constantFrom(
    'a',
    ': ',
    '- ',
    '\n',
    '\n  ',
    '[',
    ']',
    '{',
    '}',
    ', ',
    '"',
    "'",
    '|\n',
    '&x ',
    '*x',
    '? ',
    '#',
    '%',
    '---',
    '!t ',
    '\t',
  )
  fc.assert(
    fc.property(fc.array(signs, { maxLength: 20 }), (parts) => {
      try {
        toYaml(parseYaml(parts.join('')))
      } catch (thrown) {
        expect(thrown).toHaveProperty('parts')
      }
    }),
    { numRuns: 1000 },
  )
})
