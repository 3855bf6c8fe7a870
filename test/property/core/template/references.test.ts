import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type JsonValue, stringifyJson } from '../../../../core/json.ts'
import { toByteString } from '../../../../core/template/byte-string.ts'
import { pickProperty } from '../../../../core/template/secret-data.ts'
import { TemplateError } from '../../../../core/template/template.ts'
import {
  bytes,
  formatted,
  goTemplate,
  handlebarsTemplate,
  keys,
  outputOf,
  renderWith,
  whole,
} from '../../../support/stored-secrets.ts'

const key = fc.stringMatching(/^[a-z.]{1,4}$/)
const tree: fc.Arbitrary<JsonValue> = fc.letrec<{ node: JsonValue }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    fc.string(),
    fc.array(tie('node'), { maxLength: 3 }),
    fc.array(fc.tuple(key, tie('node')), { maxLength: 4 }).map((members) => new Map(members)),
  ),
})).node
const content = fc.oneof(
  tree.map((value) => whole(stringifyJson(value))),
  fc.uint8Array({ maxLength: 40 }).map((raw) => bytes(Buffer.from(raw).toString('latin1'))),
  fc.dictionary(key, fc.string()).map(keys),
)
const property = fc.array(fc.constantFrom('a', 'b', '.', '0', 'data', 'length'), {
  minLength: 1,
  maxLength: 5,
})

describe('one key of whatever a store holds', () => {
  test('is a value, nothing, or a key that is missing, and never a fault of ours', () => {
    fc.assert(
      fc.property(content, property, fc.boolean(), (answer, parts, isOptional) => {
        const reference = `aws:x#${parts.join('')}${isOptional ? '?' : ''}`
        const made = [
          goTemplate(`{{with secret "${reference}"}}{{.}}{{end}}`),
          handlebarsTemplate(`{{toJSON (secret "${reference}")}}`),
          formatted('raw', reference),
          formatted('json', reference),
        ]
        for (const renderable of made) {
          try {
            const { missing, missingKeys } = renderWith(renderable, { 'aws:x': answer })
            expect(missing).toEqual([])
            if (isOptional) expect(missingKeys).toEqual([])
          } catch (thrown) {
            // A map may have no text in a format, and bytes no form in one.
            expect(thrown).toBeInstanceOf(TemplateError)
          }
        }
      }),
    )
  })

  test('that exists is found by its path, whatever else is there', () => {
    const plain = fc.stringMatching(/^[a-z]{1,3}$/)
    fc.assert(
      fc.property(fc.array(plain, { minLength: 1, maxLength: 5 }), content, (path, other) => {
        const value = path.reduceRight<JsonValue>(
          (inner, name) => new Map([[name, inner]]),
          'found',
        )
        const given = { 'aws:x': whole(stringifyJson(value)), 'aws:y': other }
        const template = goTemplate(`{{secret "aws:x#${path.join('.')}"}}`)
        expect(outputOf(template, given)).toBe('found')
      }),
    )
  })

  test('bytes come out as they lie there', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (raw) => {
        const text = Buffer.from(raw).toString('latin1')
        const given = { 'aws:x': bytes(text), 'k8s:x': keys({ 'a.b': text }) }
        for (const renderable of [
          formatted('raw', 'aws:x'),
          formatted('raw', 'k8s:x#a.b'),
          goTemplate('{{secret "k8s:x#a.b"}}'),
        ]) {
          expect(Buffer.from(renderWith(renderable, given).output)).toEqual(Buffer.from(raw))
        }
      }),
    )
  })
})

test('a key with dots is no path where it exists', () => {
  fc.assert(
    fc.property(fc.array(key, { minLength: 2, maxLength: 4 }), (parts) => {
      const name = parts.join('.')
      const data = { kind: 'map', type: 'map[string]interface {}' } as const
      const entries = new Map([[name, toByteString('own')]])
      expect(pickProperty({ ...data, entries }, name)).toEqual({ key: name, value: 'own' })
    }),
  )
})
