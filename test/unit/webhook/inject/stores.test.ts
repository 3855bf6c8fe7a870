/** Stores beside the pod's own Vault: which of them the agent gets, and what it gets for them. */
import { describe, expect, test } from '@jest/globals'
import { formatIssue } from '../../../../core/issue.ts'
import { readStoreList } from '../../../../webhook/config/store-list.ts'
import {
  type Annotations,
  admit,
  inject,
  ours,
  oursInStockProfile,
  stock,
} from '../../../support/own-agent.ts'

/** Without the secret and the role that every pod of `own-agent.ts` has. */
const bare: Annotations = { role: undefined, 'agent-inject-secret-a': undefined }
const template = 'agent-inject-template-t'
const secret = 'agent-inject-secret-s'

function withList(list: unknown) {
  const parsed = readStoreList(JSON.stringify(list), '-stores')
  if (parsed.kind === 'issues') throw new Error(parsed.issues.map(formatIssue).join('\n'))
  return { ...ours, stores: parsed.value }
}

/** Names of the stores in the agent's configuration. */
function storesOf(annotations: Annotations, defaults = ours): readonly string[] {
  const { sidecar } = inject({ ...bare, ...annotations }, {}, defaults)
  return Object.keys(sidecar.claviger.stores ?? {})
}

function problemsOf(annotations: Annotations, defaults = ours): readonly string[] {
  const outcome = admit({ ...bare, ...annotations }, {}, defaults)
  if (outcome.kind !== 'denied') return []
  return outcome.issues.map((issue) => formatIssue(issue).replaceAll('vault.hashicorp.com/', ''))
}

describe('which stores the agent gets', () => {
  const listed = withList({ prod: 'aws region=eu-west-1', other: 'ssm' })

  test.each<[string, Annotations, readonly string[]]>([
    ['a bare type in a secret', { [secret]: 'aws:prod/db' }, ['aws']],
    ['a listed one', { [secret]: 'prod:db#key' }, ['prod']],
    [
      'one in a template',
      { [template]: '{{ with secret "prod:db" }}{{ .Data.a }}{{ end }}' },
      ['prod'],
    ],
    ['one in a format', { [secret]: 'prod:db', 'agent-inject-format-s': 'env' }, ['prod']],
    [
      'several, each once',
      { [secret]: 'prod:a', [template]: '{{ secret "prod:b" }}{{ secret "k8s:c" }}' },
      ['k8s', 'prod'],
    ],
    [
      'a computed one that spells its name',
      { [template]: '{{ secret (printf "prod:%s" (env "X")) }}', 'store-mine': 'gcp project=p' },
      ['mine', 'prod'],
    ],
    [
      'one in handlebars',
      {
        [template]: '{{#secret "prod:db"}}{{key}}{{/secret}}',
        'agent-template-engine': 'handlebars',
      },
      ['prod'],
    ],
    [
      'what a pod describes, for a template that nobody sees',
      {
        'agent-inject-template-file-t': '/etc/t',
        'store-prod': 'aws',
        'store-mine': 'gcp project=p',
      },
      ['mine', 'prod'],
    ],
  ])('%s', (_, annotations, expected) => {
    expect(storesOf(annotations, listed)).toEqual(expected)
  })

  test.each<[string, Annotations]>([
    [
      'a key of YAML that is called like a type',
      { [template]: 'db: {{ with secret "secret/a" }}x{{ end }}' },
    ],
    [
      'a host and port in quotation marks',
      { [template]: 'url: "db:5432" {{ secret "secret/a" }}' },
    ],
    ['a path of Vault', { [secret]: 'secret/data/a' }],
    ['an ARN that no store is named for', { [secret]: 'arn:aws:x' }],
    [
      'what the operator lists, for a template that nobody sees',
      { 'agent-inject-template-file-t': '/etc/t' },
    ],
  ])('none for %s', (_, annotations) => {
    expect(storesOf({ role: 'app', ...annotations }, listed)).toEqual([])
  })

  test('what a pod describes for nothing is told', () => {
    const { warnings } = inject({ 'store-mine': 'gcp project=p' })
    expect(warnings).toEqual([
      'vault.hashicorp.com/store-mine has no effect: no reference begins with mine:',
    ])
  })

  test.each([
    ['a stock agent', stock],
    ['profile vault-k8s', oursInStockProfile],
  ])('none for %s, with a warning', (_, defaults) => {
    const { sidecar, warnings } = inject({ [secret]: 'aws:db' }, {}, defaults)
    expect(sidecar.claviger?.stores).toBeUndefined()
    expect(JSON.stringify(sidecar.template)).toContain('secret \\"aws:db\\"')
    expect(warnings.join('\n')).toContain('agent-inject-secret-s is a path of Vault to this agent')
  })
})

describe('what becomes of a reference without a template', () => {
  const fileOf = (text: string) => inject({ [secret]: text }).sidecar.template[1]

  test.each(['aws:prod/db', 'aws:prod/db#password@AWSPREVIOUS?', 'secret/data/app#password'])(
    '%s is written as it lies',
    (text) => {
      expect(fileOf(text)).toMatchObject({ format: 'raw', secret: text })
    },
  )

  test.each([
    'secret/data/app',
    'secret/data/app@3',
    'secret/data/app?',
    'secret/data/app?version=3',
  ])('%s gets the default template', (text) => {
    expect(fileOf(text).contents).toContain(`secret ${JSON.stringify(text)}`)
  })
})

describe('whether the agent logs in to Vault', () => {
  const aws = { [secret]: 'aws:prod/db' }
  const computed = { [template]: '{{ secret (env "X") }}', 'store-mine': 'gcp project=p' }

  test.each<[string, Annotations, boolean]>([
    ['another store alone', aws, false],
    ['another store alone, and a role', { ...aws, role: 'app' }, false],
    [
      'a path of Vault beside it',
      { ...aws, role: 'app', 'agent-inject-secret-v': 'secret/a' },
      true,
    ],
    [
      'a template with a path of Vault',
      { ...aws, role: 'app', [template]: '{{ secret "kv/a" }}' },
      true,
    ],
    ['a template with neither', { ...aws, [template]: 'fixed' }, false],
    ['the token as a file', { ...aws, role: 'app', 'agent-inject-token': 'true' }, true],
    ['a cache', { ...aws, role: 'app', 'agent-cache-enable': 'true' }, true],
    ['a computed path, no role', computed, false],
    ['a computed path and a role', { ...computed, role: 'app' }, true],
    ['no secret at all', { role: 'app' }, true],
  ])('%s', (_, annotations, expected) => {
    const { sidecar, volumes, patch } = inject({ ...bare, ...annotations })
    expect(sidecar.auto_auth !== undefined).toBe(expected)
    expect(sidecar.vault !== undefined).toBe(expected)
    expect(volumes.includes('vault-agent-token')).toBe(expected)
    expect(JSON.stringify(patch).includes('"VAULT_ADDR"')).toBe(expected)
  })

  test('without a role only where it does not', () => {
    expect(problemsOf({ [secret]: 'aws:db' })).toEqual([])
    expect(problemsOf({ [secret]: 'secret/db' })).toEqual([
      'role: expected the name of a role of the auth method (the annotation is missing)',
    ])
  })

  test('without an address of it only where it does', () => {
    const nowhere = { ...ours, address: '' }
    expect(problemsOf({ [secret]: 'aws:db' }, nowhere)).toEqual([])
    expect(problemsOf({ role: 'app' }, nowhere)).toEqual([])
    expect(problemsOf({ role: 'app', [secret]: 'secret/db' }, nowhere)).toEqual([
      expect.stringContaining('service: expected an http:// or https:// address'),
    ])
  })

  test('the audit names the stores', () => {
    expect(admit({ ...bare, ...aws })).toMatchObject({ summary: { stores: ['aws'] } })
    expect(admit(aws)).toMatchObject({ summary: { role: 'app', stores: ['vault', 'aws'] } })
  })
})

describe('who describes a store', () => {
  const settingsOf = (text: string | undefined, list: unknown) => {
    const own = text === undefined ? {} : { 'store-s': text }
    const given = { ...bare, ...own, [secret]: 's:db' }
    const { type, region, endpoint } = inject(given, {}, withList(list)).sidecar.claviger.stores.s
    return { type, region, endpoint }
  }
  const list = { s: { type: 'aws', settings: { region: 'eu-west-1', endpoint: 'https://e' } } }

  test.each([
    ['the operator alone', undefined, { type: 'aws', region: 'eu-west-1', endpoint: 'https://e' }],
    [
      'a pod that names the type',
      'aws',
      { type: 'aws', region: 'eu-west-1', endpoint: 'https://e' },
    ],
    [
      'key by key',
      'aws region=us-east-1',
      { type: 'aws', region: 'us-east-1', endpoint: 'https://e' },
    ],
    ['nothing of another type', 'ssm region=us-east-1', { type: 'ssm', region: 'us-east-1' }],
  ])('%s', (_, text, expected) => {
    expect(settingsOf(text, list)).toEqual({ endpoint: undefined, ...expected })
  })
})

describe('what is wrong with stores is told', () => {
  test.each<[string, Annotations, string]>([
    [
      'a setting that there is not',
      { 'store-x': 'aws regoin=a', [secret]: 'x:a' },
      'store-x: expected settings out of refresh, ',
    ],
    ['the nearest one', { 'store-x': 'aws regoin=a' }, 'got "regoin" (did you mean region?)'],
    ['a wrong value', { 'store-x': 'aws fips=maybe' }, 'store-x: expected fips=…, true or false'],
    [
      'a setting that is there twice',
      { 'store-x': 'aws region=a fips=true region=b' },
      'store-x: expected region=…, once',
    ],
    ['a type', { 'store-x': 'azzure' }, '(did you mean azure?)'],
    ['a name', { 'store-X': 'aws' }, 'store-X: expected a name of at most 40'],
    ['no text', { 'store-x': ' ' }, 'store-x: expected a type and its settings'],
    [
      'what a bare type lacks',
      { [secret]: 'azure:a' },
      'agent-inject-secret-s: expected a store of type azure with vault_url (describe it in store-azure)',
    ],
    [
      'that Vault has no prefix',
      { [secret]: 'vault:secret/a' },
      'agent-inject-secret-s: expected a store of type vault with address (describe it in store-vault; the pod’s own Vault has no prefix)',
    ],
    ['a choice of two', { [secret]: 'db:a' }, 'a store of type db with url or url_path'],
    [
      'a role that nobody has',
      { 'store-aws': 'identity=web-identity', [secret]: 'aws:a' },
      'a store of type aws with role_arn',
    ],
    ['an empty path', { [secret]: 'aws:' }, 'agent-inject-secret-s: expected a path'],
    ['an empty key', { [secret]: 'aws:a#' }, 'agent-inject-secret-s: expected a key after #'],
  ])('%s', (_, annotations, expected) => {
    expect(problemsOf({ ...annotations, role: 'app' }).join('\n')).toContain(expected)
  })

  test('no password is taken, or repeated', () => {
    const url = 'postgresql://billing:hunter2@db.example/billing?sslmode=x'
    const both = [`db url=${url}`, `db ${url}`].map((text) =>
      problemsOf({ 'store-x': text, [secret]: 'x:a' }).join('\n'),
    )
    expect(both[0]).toContain('url without a password')
    expect(both[1]).toContain('settings out of')
    expect(both.join('\n')).not.toContain('hunter2')
  })

  test('a name that nobody knows is a warning, and a path of Vault', () => {
    const { sidecar, warnings } = inject({ [secret]: 'warehouse:db' })
    expect(sidecar.template[1].contents).toContain('secret "warehouse:db"')
    expect(warnings.join('\n')).toMatch(/names no store that is known, .* a path of Vault$/)
    expect(inject({ [secret]: 'secret/a:b' }).warnings).toEqual([])
  })

  test('a name that is nearly one is a warning, and a path of Vault', () => {
    const { sidecar, warnings } = inject({ [secret]: 'asw:prod/db' })
    expect(sidecar.template[1].contents).toContain('secret "asw:prod/db"')
    expect(warnings.join('\n')).toMatch(
      /agent-inject-secret-s names no store .*did you mean aws:\?/,
    )
  })
})
