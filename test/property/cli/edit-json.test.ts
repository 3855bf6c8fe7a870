import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { editJson } from '../../../cli/manifests/edit-json.ts'

const object = fc.dictionary(
  fc.string({ maxLength: 6 }).filter((key) => key !== '__proto__' && key !== '<<'),
  fc.jsonValue({ maxDepth: 3, noUnicodeString: false }),
  { noNullPrototype: true },
)

test('any document becomes any other, laid out as it was', () => {
  fc.assert(
    fc.property(object, object, fc.constantFrom(0, 2, 3), (before, after, indent) => {
      const source = JSON.stringify(before, null, indent)
      for (const wanted of [after, { ...before, ...after }, { ...before, list: [before] }]) {
        const plain = JSON.parse(JSON.stringify(wanted))
        const edited = editJson(source, JSON.parse(source), plain)
        expect(JSON.parse(edited)).toEqual(plain)
        const isEmpty = Object.keys(before).length === 0
        if (indent === 0) expect(edited.trimEnd()).not.toContain('\n')
        else if (!isEmpty) expect(edited.split('\n')[1]?.search(/\S/)).not.toBe(0)
      }
    }),
    { numRuns: 300 },
  )
})
