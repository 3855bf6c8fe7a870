/** Templates that fail on a secret's value, each in a way of its own. */
import type { ScriptedAnswer } from './scripted-vault.ts'

type Flow = [string, string, (path: string) => ScriptedAnswer | undefined]

const nothing = () => undefined

/** Name, template and what the store answers besides; `secret` opens a block with the secret, `value` is its password. */
export function failingTemplates(secret: string, value: string): readonly Flow[] {
  const certificate = `-----BEGIN CERTIFICATE-----\n${value}\n-----END CERTIFICATE-----`
  const calls: readonly (readonly [string, string])[] = [
    ['parse', 'parseJSON .Data.data.password'],
    ['read a pattern', 'regexMatch (print "(" .Data.data.password) "x"'],
    ['read a time', 'sprig_mustToDate "2006" .Data.data.password'],
    ['read an address', 'sprig_urlParse (print "%zz" .Data.data.password)'],
    ['go on, on purpose', 'sprig_fail .Data.data.password'],
    ['read a file that is denied', 'file .Data.data.password'],
    ['run what is denied', 'plugin .Data.data.password'],
  ]
  return [
    ...calls.map(
      ([what, call]): Flow => [`fails to ${what}`, `${secret}{{ ${call} }}{{ end }}`, nothing],
    ),
    [
      'lists what is no list',
      `${secret}{{ secrets (print "secret/" .Data.data.password) }}{{ end }}`,
      (path) =>
        path.includes(value) ? { status: 200, body: { data: { keys: value } } } : undefined,
    ],
    [
      'issues what is no certificate',
      '{{ pkiCert "pki/issue/app" }}',
      (path) =>
        path.startsWith('pki/') ? { status: 200, body: { data: { certificate } } } : undefined,
    ],
  ]
}
