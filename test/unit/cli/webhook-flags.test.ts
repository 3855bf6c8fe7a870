import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
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
  '{"prod": "aws"}',
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
describe('-stores', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stores-'))
  const path = join(folder, 'stores.yaml')
  afterAll(() => rmSync(folder, { recursive: true }))

  test('may name a file of YAML', () => {
    writeFileSync(path, 'prod: { type: aws, settings: { region: eu-west-1 } }\nother: ssm\n')
    const defaults = read(['stores', path])
    expect(defaults.kind === 'ok' && [...(defaults.value.stores?.keys() ?? [])]).toEqual([
      'prod',
      'other',
    ])
  })

  test.each([
    ['that is no YAML', 'a: [hunter2', 'stores.yaml:1'],
    ['that is no list of stores', 'a: [hunter2]', 'an object with type and settings'],
    ['that is not there', undefined, '/none: ENOENT'],
  ])('tells of a file %s', (_, text, expected) => {
    if (text !== undefined) writeFileSync(path, text)
    const defaults = read(['stores', text === undefined ? join(folder, 'none') : path])
    const told = JSON.stringify(defaults)
    expect(told).toContain(expected)
    expect(told).not.toContain('hunter2')
  })
})

function flatten(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, member) => (member instanceof Map ? [...member] : member)),
  )
}
