/** The flag `-stores`. */
import { expect, test } from '@jest/globals'
import { formatIssue } from '../../../../core/issue.ts'
import { readStoreList } from '../../../../webhook/config/store-list.ts'

const read = (value: unknown) => readStoreList(JSON.stringify(value), '-stores')

test.each<[unknown, string, Readonly<Record<string, string>>]>([
  [{ a: { type: 'aws', settings: { region: 'eu-west-1' } } }, 'aws', { region: 'eu-west-1' }],
  [{ a: 'aws region=eu-west-1' }, 'aws', { region: 'eu-west-1' }],
  [{ a: { type: 'ssm', settings: { tier: 'Standard' } } }, 'ssm', { tier: 'Standard' }],
  [
    { a: { type: 'aws', settings: { recovery_days: 7, fips: true } } },
    'aws',
    { recovery_days: '7', fips: 'true' },
  ],
  [
    { a: { type: 'aws', settings: { replica_regions: ['b', 'c'], tags: { k: 'v', l: 1 } } } },
    'aws',
    { replica_regions: 'b,c', tags: 'k=v,l=1' },
  ],
])('%j', (value, type, settings) => {
  const parsed = read(value)
  const store = parsed.kind === 'ok' ? parsed.value.get('a') : undefined
  expect(store).toEqual({ name: 'a', type, values: new Map(Object.entries(settings)) })
})

test('a type needs no description but its name', () => {
  expect(read({ aws: {} })).toMatchObject({ kind: 'ok' })
  expect(readStoreList('', '-stores')).toEqual({ kind: 'ok', value: new Map() })
})

test.each<[unknown, string]>([
  [[], '-stores: expected a map of names to stores'],
  [{ a: 1 }, '-stores: a: expected an object with type and settings, or a line of text'],
  [{ a: { type: 1 } }, '-stores: a: type: expected a text'],
  [
    { a: { type: 'aws', region: 'b' } },
    '-stores: a: region: expected type or settings (settings of the store go under settings)',
  ],
  [{ a: { typ: 'aws' } }, '-stores: a: typ: expected type or settings (did you mean type?)'],
  [
    { a: { type: 'aws', settings: { tags: [{}] } } },
    '-stores: a: settings: expected a map to texts, numbers, booleans, lists or maps',
  ],
  [{ a: { type: 'aws', settings: { fips: 'maybe' } } }, '-stores: a: fips: expected true or false'],
  [
    { a: 'db url=mysql://u:hunter2@h/d' },
    '-stores: a: expected url without a password; it belongs into a file, url_path or password_path',
  ],
])('%j is told', (value, expected) => {
  const parsed = read(value)
  const issues = parsed.kind === 'issues' ? parsed.issues.map(formatIssue) : []
  expect(issues).toContain(expected)
  expect(issues.join('\n')).not.toContain('hunter2')
})

test('what is no JSON is told, and not repeated', () => {
  expect(readStoreList('{a: hunter2', '-stores')).toEqual({
    kind: 'issues',
    issues: [
      {
        code: 'flag',
        path: '-stores',
        expected: 'a JSON object such as {"prod": {"type": "aws"}}',
      },
    ],
  })
})
