import { describe, expect, test } from '@jest/globals'
import { podFlagRows, podFlags, readPodDefaults } from '../../../cli/webhook-flags.ts'
import { flags } from '../../../webhook/config/flags.ts'

const certificate = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n'

/** One of these is a value of every kind, and not the default. */
const samples = [
  '7m',
  'true',
  'false',
  '1234',
  'json',
  'jwt',
  'Always',
  'vault-k8s',
  'openbao',
  'off',
  'stock',
  'https://other:8200',
  'auth/other',
  'x/y:1',
  certificate,
]

function read(...given: readonly (readonly [string, string])[]) {
  return readPodDefaults(new Map(given), {})
}

describe('the webhook’s flags', () => {
  const base = read()

  test.each(podFlagRows.map((row) => [row.name, row] as const))(
    '-%s decides something',
    (name, row) => {
      const values = samples.filter((value) => row.kind.parse(value) !== undefined)
      const differs = values.some((value) => {
        const defaults = read([name, value])
        return (
          defaults.kind === 'ok' &&
          JSON.stringify(flatten(defaults)) !== JSON.stringify(flatten(base))
        )
      })
      const onlyOneChoice = !/,/.test(row.kind.expected) && row.kind.expected.startsWith('one of')
      expect([name, differs || onlyOneChoice]).toEqual([name, true])
    },
  )

  test('are those of the table, without those of serving', () => {
    const served = Object.values(flags).filter(({ name }) => !Object.hasOwn(podFlags, name))
    for (const { name } of served)
      expect(name).toMatch(
        /^(listen|log-|tls-|namespace$|drain-|telemetry-|metrics-|use-leader|pod-name|policy-file$|vault-cacert-file$|watch-|template-(max|lease))/,
      )
  })

  test('that are wrong are all refused', () => {
    expect(read(['cpu-limit', 'lots'], ['vault-address', 'nowhere'])).toMatchObject({
      kind: 'issues',
      issues: [{ path: '-vault-address' }, { path: '-cpu-limit' }],
    })
  })

  test('yield to nothing: a given flag beats its variable, which beats VAULT_ADDR', () => {
    const variables = { AGENT_INJECT_VAULT_ADDR: 'https://a', VAULT_ADDR: 'https://b' }
    const address = (given: ReadonlyMap<string, string>, set: Readonly<Record<string, string>>) => {
      const defaults = readPodDefaults(given, set)
      return defaults.kind === 'ok' ? defaults.value.address : undefined
    }
    const flagged = new Map([['vault-address', 'https://c']])
    expect(address(flagged, variables)).toBe('https://c')
    expect(address(new Map(), variables)).toBe('https://a')
    expect(address(new Map(), { VAULT_ADDR: 'https://b' })).toBe('https://b')
    expect(address(new Map(), {})).toBe('https://vault.vault.svc:8200')
  })
})

/** JSON leaves maps out. */
function flatten(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, member) => (member instanceof Map ? [...member] : member)),
  )
}
