import { expect, test } from '@jest/globals'
import { listedAnswer, listingPrefix } from '../../../../core/stores/listed-answer.ts'

const all = ['prod/db', 'prod/sub/a', 'prod/sub/b', 'prod', 'production/x', 'plain', 'prod//odd']

test.each([
  ['', all, ['plain', 'prod', 'prod/', 'production/']],
  ['prod', all, ['/odd', 'db', 'sub/']],
  ['prod/sub', all, ['a', 'b']],
  ['none', all, undefined],
  ['/app', ['/app/db', '/app/x/y', '/other'], ['db', 'x/']],
  ['', ['/app/db', '/other'], ['/app/', '/other']],
])('right below %j', (path, paths, expected) => {
  expect(listedAnswer(path, paths).data?.get('keys')).toEqual(expected)
  expect(paths.filter((whole) => whole.startsWith(listingPrefix(path))).length > 0).toBe(
    expected !== undefined,
  )
})
