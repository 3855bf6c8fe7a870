import { test } from '@jest/globals'
import fc from 'fast-check'
import { createNameFilter, knownBeginning } from '../../../../core/stores/name-filter.ts'

/** Few letters, so that they meet. */
const text = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 8 })
const glob = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*'), maxLength: 8 })

test('a glob fits what the same pattern as a regular expression fits', () => {
  fc.assert(
    fc.property(text, glob, (name, pattern) => {
      const expression = new RegExp(`^${pattern.replaceAll('*', '.*')}$`, 's')
      return createNameFilter({ glob: pattern })(name) === expression.test(name)
    }),
  )
})

test('whatever fits has the known beginning', () => {
  fc.assert(
    fc.property(text, text, glob, (name, prefix, pattern) => {
      const query = { prefix, glob: pattern }
      return !createNameFilter(query)(name) || name.startsWith(knownBeginning(query))
    }),
  )
})
