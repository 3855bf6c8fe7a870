import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { stringifyWhole } from '../../../webhook/inject/build/patch-text.ts'

const plain = fc.oneof(fc.jsonValue(), fc.constant(undefined))
const members = fc.dictionary(fc.string(), plain)

test('a whole number beyond any double keeps its digits, and all else is as JSON writes it', () => {
  fc.assert(
    fc.property(fc.bigInt(), members, fc.array(plain), (whole, rest, list) => {
      const text = stringifyWhole({ ...rest, list: [...list, { last: whole }] })
      const stand = JSON.stringify({ ...rest, list: [...list, { last: '<whole>' }] })
      expect(text).toBe(stand.replace(/"<whole>"(?=\}\]\}$)/, String(whole)))
    }),
  )
})
