/** The environment of Keep HQ's secret managers as a store. Source: keephq/keep, keep/secretmanager. */
import type { Environment } from '../../environment.ts'
import type { Issue, Parsed } from '../../issue.ts'
import { findNearest } from '../../nearest.ts'
import type { StoreSettings } from '../settings/store-settings.ts'
import type { StoreTypeName } from '../settings/store-types.ts'

/** What the store is called in references. */
const keepStoreName = 'keep'

type Values = readonly (readonly [string, string | undefined])[]
/** Issues are thrown together: a list of what was expected, by variable. */
type Read = (environment: Environment, expect: Expect) => Values
type Expect = (variable: string, expected: string) => void

/** `SECRET_MANAGER_TYPE` in capitals → the type, and its settings; those that a type's own table reads from the same variable are left to it. */
const managers = new Map<string, { readonly type: StoreTypeName; readonly read: Read }>([
  [
    'FILE',
    {
      type: 'file',
      read: (environment) => [['directory', environment['SECRET_MANAGER_DIRECTORY'] || './']],
    },
  ],
  ['AWS', { type: 'aws', read: readAws }],
  ['GCP', { type: 'gcp', read: readGcp }],
  ['K8S', { type: 'k8s', read: readKubernetes }],
  ['VAULT', { type: 'vault', read: readVault }],
  ['DB', { type: 'db', read: readDatabase }],
])

/**
 * Undefined where `SECRET_MANAGER_TYPE` is not set; an empty one is FILE. Settings name variables that hold secrets, and never
 * hold their values. Issue codes: `store_type`, `store_setting`, with the variable as their path.
 */
export function readKeepPreset(environment: Environment): Parsed<StoreSettings> | undefined {
  const given = environment['SECRET_MANAGER_TYPE']
  if (given === undefined) return undefined
  const name = given.trim().toUpperCase() || 'FILE'
  const manager = managers.get(name)
  if (manager === undefined) return { kind: 'issues', issues: [describeType(given, name)] }
  const issues: Issue[] = []
  const read = manager.read(environment, (path, expected) => {
    issues.push({ code: 'store_setting', path, expected })
  })
  if (issues.length > 0) return { kind: 'issues', issues }
  const values = new Map(
    read.flatMap(([key, value]) => (value === undefined || value === '' ? [] : [[key, value]])),
  )
  return { kind: 'ok', value: { name: keepStoreName, type: manager.type, values, isKeep: true } }
}

function readAws(environment: Environment, expect: Expect): Values {
  const region = environment['AWS_REGION']
  if (!region) expect('AWS_REGION', 'the region of the secrets')
  const days = environment['AWS_SECRET_ROTATION_DAYS'] || '30'
  if (!/^[1-9]\d{0,3}$/.test(days)) expect('AWS_SECRET_ROTATION_DAYS', 'a number of days above 0')
  const lambda = environment['AWS_SECRET_ROTATION_LAMBDA_ARN'] ?? ''
  const enabled = (environment['AWS_SECRET_ROTATION_ENABLED'] || 'false').trim()
  if (!/^(?:true|false|[01])$/i.test(enabled)) {
    expect('AWS_SECRET_ROTATION_ENABLED', 'true or false')
  }
  if (/^(?:true|1)$/i.test(enabled) && !lambdaPattern.test(lambda)) {
    const expected = 'arn:aws:lambda:REGION:ACCOUNT:function:NAME, since rotation is enabled'
    expect('AWS_SECRET_ROTATION_LAMBDA_ARN', expected)
  }
  const tags = (environment['AWS_SECRET_MANAGER_TAGS'] ?? '').split(',')
  if (!tags.every((tag) => tag.trim() === '' || tag.indexOf('=') > 0)) {
    expect('AWS_SECRET_MANAGER_TAGS', 'key=value,key2=value2')
  }
  return [['region', region]]
}

/** Also of the other partitions, and with a version or an alias behind it. */
const lambdaPattern = /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+(?::[\w$-]+)?$/

function readGcp(environment: Environment, expect: Expect): Values {
  const project = environment['GOOGLE_CLOUD_PROJECT']
  if (!project) expect('GOOGLE_CLOUD_PROJECT', 'the project of the secrets')
  return [['project', project]]
}

function readKubernetes(environment: Environment): Values {
  const verifies = environment['K8S_VERIFY_SSL_CERT']
  return [
    ['namespace', environment['K8S_NAMESPACE']],
    ['skip_verify', isFalse(verifies) && verifies ? 'true' : undefined],
  ]
}

/** The namespace is misspelt in Keep HQ, and has a default that only Vault Enterprise minds. */
function readVault(environment: Environment, expect: Expect): Values {
  const address = environment['HASHICORP_VAULT_ADDR'] || 'http://localhost:8200'
  const namespace =
    environment['HASHICORP_VALUT_NAMESPACE'] || environment['HASHICORP_VAULT_NAMESPACE']
  const place: Values = [
    ['address', address],
    ['namespace', namespace || 'default'],
  ]
  if (!URL.canParse(address)) expect('HASHICORP_VAULT_ADDR', 'an address such as https://HOST:8200')
  if (environment['HASHICORP_VAULT_TOKEN']) {
    return [...place, ['auth', 'token'], ['token_variable', 'HASHICORP_VAULT_TOKEN']]
  }
  if (isFalse(environment['HASHICORP_VAULT_USE_K8S'])) {
    expect('HASHICORP_VAULT_TOKEN', 'a token, or HASHICORP_VAULT_USE_K8S=True and a role')
  }
  const role = environment['HASHICORP_VAULT_K8S_ROLE']
  if (!isFalse(environment['HASHICORP_VAULT_USE_K8S']) && !role) {
    expect('HASHICORP_VAULT_K8S_ROLE', 'a role, since HASHICORP_VAULT_USE_K8S is set')
  }
  return [...place, ['auth', 'kubernetes'], ['role', role]]
}

/** The variable itself is left to the table of `db`: it may hold a password. */
function readDatabase(environment: Environment): Values {
  return environment['DATABASE_CONNECTION_STRING'] ? [] : [['url', 'sqlite:./keep.db']]
}

/** Keep HQ takes any text for true in one place, `False` too; a text that says no means no here. */
function isFalse(text = ''): boolean {
  return /^(?:|0|false|no|off)$/i.test(text.trim())
}

function describeType(given: string, name: string): Issue {
  const nearest = findNearest(name, managers.keys())
  return {
    code: 'store_type',
    path: 'SECRET_MANAGER_TYPE',
    expected: `one of ${[...managers.keys()].join(', ')}`,
    got: given.slice(0, 40),
    ...(nearest === undefined ? {} : { hint: `did you mean ${nearest}?` }),
  }
}
