import { describe, expect, test } from '@jest/globals'
import { systemRandomness } from '../../../../core/machine/system-randomness.ts'
import { functionReference } from '../../../../core/template/function-reference/reference.ts'
import { builtinGroups, functionGroups } from '../../../../core/template/functions/groups.ts'
import { foreignFunctions, functionTable } from '../../../../core/template/functions/table.ts'
import { helperFunctions } from '../../../../core/template/handlebars/helpers.ts'
import type { LocalAnswer, LocalRequest } from '../../../../core/template/local-request.ts'
import { stockPolicy } from '../../../../core/template/policy.ts'
import type { SecretRequest } from '../../../../core/template/secret-request.ts'
import { parseTemplate, renderTemplate } from '../../../../core/template/template.ts'
import { answerWith } from './render.ts'

const block = (name: string) => `-----BEGIN CERTIFICATE-----\\n${name}\\n-----END CERTIFICATE-----`

const secrets = new Map([
  ['secret/data/app', '{"data":{"user":"ada","port":5432},"metadata":{"version":1}}'],
  ['secret/metadata', '{"keys":["app","db"]}'],
  [
    'pki/issue/app',
    `{"certificate":"${block('leaf')}","ca_chain":["${block('ca')}"],"private_key":"${block('key')}"}`,
  ],
])

const local = ({ kind }: LocalRequest): LocalAnswer => {
  if (kind !== 'interfaces') return { kind: 'text', text: kind === 'file' ? 'hello' : 'hi ada' }
  const address = { name: 'eth0', address: '10.0.0.7', prefixLength: 24 }
  return {
    kind,
    addresses: [{ ...address, isLoopback: false, isUp: true, isDefault: true }],
  }
}

/** With all that the reference says its examples are rendered with. */
function render(example: string): string {
  const text = Buffer.from(example, 'utf8').toString('latin1')
  const template = parseTemplate({ name: 'example', text, policy: stockPolicy })
  const { output, missing } = renderTemplate(template, {
    secret: ({ path }: SecretRequest) => {
      const json = secrets.get(path)
      return json === undefined ? undefined : answerWith(json)
    },
    environment: new Map([['APP_ENV', 'prod']]),
    now: Date.UTC(2026, 0, 2, 3, 4, 5),
    random: systemRandomness,
    local,
  })
  expect(missing).toEqual([])
  return Buffer.from(output).toString('utf8')
}

// pkiCert reads what it gets, so it must be a certificate.
const certificate = render(
  '{{ (sprig_genSignedCert "web" nil nil 365 (sprig_genCA "ca" 365)).Cert }}',
)
secrets.set('pki/issue/web', JSON.stringify({ certificate, private_key: 'key' }))

test('the groups name the functions that they have, each once', () => {
  const groups = [...builtinGroups, ...functionGroups]
  for (const { names, functions } of groups) {
    expect(functions().map(({ name }) => name)).toEqual(names)
  }
  const names = groups.flatMap((group) => group.names)
  expect(names).toHaveLength(new Set(names).size)
})

test('every function is described, and nothing else is', () => {
  // What asks Consul or Nomad exists only so that it parses.
  const own = [...functionTable.keys()].filter((name) => !foreignFunctions.has(name))
  expect([...functionReference.keys()].toSorted()).toEqual(own.toSorted())
})

test('signatures take the arguments that the functions take', () => {
  const stock = parseTemplate({ name: '', text: '', policy: stockPolicy }).functions
  for (const [name, { signature }] of functionReference) {
    const words = signature.split(' ').slice(1)
    const marked = words.filter((word) => /[?…]$/.test(word)).length
    const entry = stock.get(name)
    const takes = entry?.parameters.length ?? 0
    // A function is no value that a template could give.
    const rest = entry?.rest?.startsWith('func(') === true ? undefined : entry?.rest
    const fits =
      rest === undefined
        ? takes === words.length && marked === 0
        : takes <= words.length && (marked > 0 || takes < words.length)
    expect([name, fits]).toEqual([name, true])
  }
})

describe('examples render to what the reference says', () => {
  test.each([...functionReference.values()])('$example', ({ name, example, output }) => {
    expect(example).toContain(name)
    const rendered = render(example)
    if (output === undefined) expect(rendered).not.toBe('')
    else expect(rendered).toBe(output)
  })
})

test('what handlebars may call is described too', () => {
  for (const name of helperFunctions.keys()) expect(functionReference.has(name)).toBe(true)
})
