import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { dump } from 'js-yaml'
import { editYaml } from '../../../cli/manifests/edit-yaml.ts'
import { readYaml } from '../../../cli/manifests/yaml.ts'

const key = fc.stringMatching(/^[a-z][a-z-]{0,6}$/)
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.constantFrom('a\nb\n', '12:30', 'yes', '0644', '# x', '- y'),
    ),
    fc.dictionary(key, tie('tree'), { maxKeys: 4, noNullPrototype: true }),
    fc.array(tie('tree'), { maxLength: 4 }),
  ),
}))
const object = fc.dictionary(key, tree, { minKeys: 1, maxKeys: 5, noNullPrototype: true })

test('any document becomes any other: what is edited reads as what was wanted', () => {
  fc.assert(
    fc.property(object, object, fc.integer({ min: -1, max: 3 }), (before, after, flowLevel) => {
      const source = dump(before, { flowLevel, lineWidth: 40 })
      const merged = { ...before, ...after }
      for (const wanted of [after, merged, { ...merged, list: [before, after] }]) {
        const reading = readYaml(editYaml(source, before, wanted))
        expect(reading).toMatchObject({ kind: 'value' })
        expect(reading.kind === 'value' && reading.value).toEqual(wanted)
      }
    }),
    { numRuns: 500 },
  )
})

test('an added key leaves every line of block style where it was', () => {
  fc.assert(
    fc.property(object, (before) => {
      const source = dump(before)
      // With a digit, so that no document has the key already.
      const edited = editYaml(source, before, { ...before, k8s: { added: [1] } })
      expect(edited).toBe(`${source}k8s:\n  added:\n  - 1\n`)
    }),
  )
})

test('any text is read or refused', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(['value', 'invalid']).toContain(readYaml(text).kind)
    }),
  )
})
