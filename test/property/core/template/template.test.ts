import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { JsonNumber, type JsonValue, parseJson, stringifyJson } from '../../../../core/json.ts'
import { parseTemplate, renderTemplate, TemplateError } from '../../../../core/template/template.ts'

const bytes = fc.uint8Array({ maxLength: 64 }).map((array) => Buffer.from(array).toString('latin1'))

const fragment = fc.constantFrom(
  '{{',
  '}}',
  '{{-',
  '-}}',
  ' ',
  '\n',
  '(',
  ')',
  '|',
  '.',
  '.a',
  '$',
  '$x',
  ':=',
  '=',
  ',',
  '"a"',
  '"',
  '`',
  "'a'",
  "'",
  '1',
  '1.5',
  '0x',
  '+',
  'if ',
  'else',
  'end',
  'range ',
  'with ',
  'define "t"',
  'template "t"',
  'block "t" .',
  'break',
  'continue',
  'nil',
  'true',
  'print ',
  'printf "%v%d"',
  'len ',
  'index ',
  'eq ',
  'and ',
  '{{/*',
  '*/}}',
  'secret "p"',
  '{{end}}',
  '{{if true}}',
  '{{range 3}}',
  'é',
)
const template = fc.oneof(
  bytes,
  fc
    .array(fragment, { maxLength: 30 })
    .map((parts) => Buffer.from(parts.join('')).toString('latin1')),
)

function render(text: string, data?: ReadonlyMap<string, JsonValue>): Uint8Array {
  const answer = { requestId: '', leaseId: '', leaseDuration: 0, renewable: false, warnings: [] }
  const secret = () => (data === undefined ? undefined : { ...answer, data })
  return renderTemplate(parseTemplate({ name: '', text }), { secret }).output
}

describe('any text', () => {
  test('either parses and renders or throws TemplateError', () => {
    fc.assert(
      fc.property(template, (text) => {
        try {
          render(text)
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(TemplateError)
        }
      }),
      { numRuns: 2000 },
    )
  })

  test('without a delimiter is its own output, byte for byte', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (array) => {
        const text = Buffer.from(array).toString('latin1')
        fc.pre(!text.includes('{{'))
        expect(render(text)).toEqual(Buffer.from(array))
      }),
    )
  })
})

test('base64 brings any bytes through unchanged', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (array) => {
      const encoded = Buffer.from(array).toString('base64')
      expect(render(`{{ base64Decode "${encoded}" }}`)).toEqual(Buffer.from(array))
      const again = `{{ base64Decode "${encoded}" | base64Encode }}`
      expect(Buffer.from(render(again)).toString()).toBe(encoded)
    }),
  )
})

test('quoted text reads back as the same bytes', () => {
  fc.assert(
    fc.property(bytes, (text) => {
      const encoded = Buffer.from(text, 'latin1').toString('base64')
      const quoted = render(`{{ base64Decode "${encoded}" | printf "%q" }}`)
      const literal = Buffer.from(quoted).toString('latin1')
      expect(Buffer.from(render(`{{ ${literal} }}`)).toString('latin1')).toBe(text)
    }),
  )
})

test('output does not depend on the order in which a map was filled', () => {
  const text =
    '{{with secret "p"}}{{range $k, $v := .Data}}{{$k}}={{$v}};{{end}}{{.Data}}{{toJSON .Data}}{{end}}'
  const entries = fc.uniqueArray(fc.tuple(fc.string(), fc.string()), { selector: ([key]) => key })
  const twice = entries.chain((pairs) =>
    fc.tuple(
      fc.constant(pairs),
      fc.shuffledSubarray(pairs, { minLength: pairs.length, maxLength: pairs.length }),
    ),
  )
  fc.assert(
    fc.property(twice, ([pairs, shuffled]) => {
      expect(render(text, new Map(shuffled))).toEqual(render(text, new Map(pairs)))
    }),
  )
})

test('floats print the digits that JavaScript and Go agree on', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const literal = value.toExponential()
      const [mantissa = '', exponent = ''] = literal.split('e')
      const sign = exponent.startsWith('-') ? '-' : '+'
      const expected = `${mantissa}e${sign}${exponent.slice(1).padStart(2, '0')}`
      const zero = Object.is(value, -0) ? '-' : ''
      const printed = render(
        `{{ printf "%.*e" ${Math.max(0, mantissa.replace(/^-|\./g, '').length - 1)} ${zero}${literal} }}`,
      )
      expect(Buffer.from(printed).toString()).toBe(zero + expected)
      expect(Number(Buffer.from(render(`{{ print ${zero}${literal} }}`)).toString())).toBe(value)
    }),
  )
})

test('JSON reads back what it wrote, and refuses the rest without quoting it', () => {
  const leaf = fc.oneof(
    fc.constant(null),
    fc.boolean(),
    fc.string(),
    fc.integer().map((value) => new JsonNumber(String(value))),
  )
  const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie('value'), { maxLength: 4 }),
      fc
        .array(fc.tuple(fc.string(), tie('value')), { maxLength: 4 })
        .map((pairs) => new Map(pairs)),
    ),
  }))
  fc.assert(
    fc.property(value, (json) => {
      expect(parseJson(stringifyJson(json))).toEqual(json)
    }),
  )
})
