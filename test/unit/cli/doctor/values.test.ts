/** Which values look as if they were spoilt on their way into the store. */
import { expect, test } from '@jest/globals'
import { findOddities } from '../../../../cli/doctor/values.ts'
import { parseJson } from '../../../../core/json.ts'

const encode = (text: string) => Buffer.from(text).toString('base64')
const pem = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'

const find = (data: object) => {
  const json = parseJson(JSON.stringify(data))
  return json instanceof Map ? findOddities(json).map(({ check, key }) => `${check} ${key}`) : []
}

test.each<[string, object, readonly string[]]>([
  ['a password', { a: 'p4ssw0rd' }, []],
  ['base64 once, which keystores are', { a: encode('a keystore of some length') }, []],
  ['base64 twice', { a: encode(encode('a password')) }, ['value-encoded-twice a']],
  [
    'base64 twice by a command that breaks the line',
    { a: encode(`${encode('a password')}\n`) },
    ['value-encoded-twice a'],
  ],
  ['hexadecimal digits', { a: 'deadbeefdeadbeefdeadbeefdeadbeef' }, []],
  ['JSON', { a: '{"type":"service_account"}' }, []],
  ['JSON in a JSON string', { a: JSON.stringify('{"a":1}') }, ['value-json-in-json a']],
  ['a text in quotes', { a: '"text"', b: "'text'" }, ['quoted-text a', 'quoted-text b']],
  ['a quote in a text', { a: 'it"s', b: '"' }, []],
  ['a line break at the end', { a: 'text\n' }, ['value-ends-in-newline a']],
  ['a text of several lines', { a: pem }, []],
  ['a line break and quotes', { a: '"text"\r\n' }, ['value-ends-in-newline a', 'quoted-text a']],
  ['a key in quotes', { '"a"': 'text' }, ['quoted-text "a"']],
  ['values within values', { a: { b: 'text\n' } }, ['value-ends-in-newline a.b']],
  ['numbers and nothing', { a: 1, b: null, c: [] }, []],
])('%s', (_, data, expected) => {
  expect(find(data)).toEqual(expected)
})
