import { describe, expect, test } from '@jest/globals'
import { unifyShapes } from '../../../../agent/config/block-shapes.ts'
import { parseHcl } from '../../../../agent/config/hcl/parse-hcl.ts'
import { readConfig, readTree } from '../../../../agent/config/read-config.ts'
import { Settings } from '../../../../agent/config/settings.ts'
import { paths, read, value } from '../../../support/agent-settings.ts'

function ofStores(stores: object, others: object = {}) {
  return { claviger: { stores, ...others } }
}

function settingsOf(changes: Readonly<Record<string, unknown>>) {
  return Array.from(value(changes).own.stores.values(), ({ name, type, values }) => [
    name,
    type,
    Object.fromEntries(values),
  ])
}

describe('the stores of a configuration', () => {
  test('have a name, a type and settings as texts', () => {
    const given = {
      prod: {
        type: 'aws',
        region: 'eu-west-1',
        fips: true,
        rotation_days: 30,
        replica_regions: ['eu-central-1', 'eu-north-1'],
      },
      k8s: {},
    }
    expect(settingsOf(ofStores(given))).toEqual([
      [
        'prod',
        'aws',
        {
          region: 'eu-west-1',
          fips: 'true',
          rotation_days: '30',
          replica_regions: 'eu-central-1,eu-north-1',
        },
      ],
      ['k8s', 'k8s', {}],
    ])
  })

  const team = 'type = "vault" address = "https://vault.team" role = "app"'

  function readHcl(stores: string) {
    const text = `
      claviger {
        ${stores}
        default_store = "aws"
      }
      template { destination = "/a" contents = "x" }`
    const parsed = parseHcl(text, 'agent.hcl')
    if (parsed.kind === 'issues') throw new Error(JSON.stringify(parsed.issues))
    return readTree(unifyShapes(parsed.value), new Settings({}, {}))
  }

  test.each([
    `stores { aws { region = "eu-west-1" } team { ${team} } }`,
    `stores "aws" { region = "eu-west-1" } stores "team" { ${team} }`,
    `stores { "aws" { region = "eu-west-1" } } stores "team" { ${team} }`,
    `stores = { aws = { region = "eu-west-1" } team = { ${team} } }`,
  ])('are blocks in HCL, with labels or without: %s', (stores) => {
    const loaded = readHcl(stores)
    if (loaded.kind === 'issues') throw new Error(JSON.stringify(loaded.issues))
    const { own, auth } = loaded.value.config
    expect(own.stores.get('aws')?.values).toEqual(new Map([['region', 'eu-west-1']]))
    expect([...own.stores.keys()]).toEqual(['aws', 'team'])
    expect(own.defaultStore).toBe('aws')
    expect(auth).toBeUndefined()
  })

  test.each([
    ['stores "aws" {} stores "aws" {}', 'claviger.stores.aws', /at most one block/],
    ['stores { aws {} } stores { aws {} }', 'claviger.stores.aws', /at most one block/],
    ['stores "aws" "prod" {}', 'claviger.stores.aws.prod', /a text/],
    ['stores { type = "aws" }', 'claviger.stores.type', /a block/],
    ['stores = "aws"', 'claviger.stores', /a block/],
    ['stores = ["aws"]', 'claviger.stores', /a block/],
    ['stores "aws" { regoin = "x" } stores "k8s" {}', 'claviger.stores.aws.regoin', /did you mean/],
  ])('%s: what is wrong in HCL is named', (stores, path, words) => {
    const loaded = readHcl(stores)
    const issues = loaded.kind === 'issues' ? loaded.issues : []
    const [found] = issues.filter((issue) => issue.path === path)
    expect(`${found?.expected} ${found?.hint}`).toMatch(words)
  })

  test.each([
    [{ aws: { regoin: 'x' } }, {}, 'claviger.stores.aws.regoin', /did you mean region/],
    [{ aws: { fips: 'maybe' } }, {}, 'claviger.stores.aws.fips', /true or false/],
    [{ aws: { region: {} } }, {}, 'claviger.stores.aws.region', /a text/],
    [{ prod: { type: 'asw' } }, {}, 'claviger.stores.prod.type', /did you mean aws/],
    [{ prod: {} }, {}, 'claviger.stores.prod.type', /a type: vault, aws/],
    [{ Prod_1: { type: 'aws' } }, {}, 'claviger.stores.prod_1', /lower-case letters/],
    [{ aws: 'eu-west-1' }, {}, 'claviger.stores.aws', /a block/],
    [{ aws: {} }, { default_store: 'asw' }, 'claviger.default_store', /did you mean aws/],
  ])('%j, %j: what is wrong is named', (stores, others, path, words) => {
    const parsed = read(ofStores(stores, others))
    const issues = parsed.kind === 'issues' ? parsed.issues : []
    const found = issues.filter((issue) => issue.path === path)
    expect(found.map(({ expected, hint = '' }) => `${expected} ${hint}`).join('\n')).toMatch(words)
  })

  test('all that is wrong is named at once', () => {
    const stores = { aws: { regoin: 'x', fips: 'y' }, gcp: { identity: 'z' } }
    expect(paths(ofStores(stores))).toEqual([
      'claviger.stores.aws.regoin',
      'claviger.stores.aws.fips',
      'claviger.stores.gcp.identity',
    ])
  })

  test('are a purpose by themselves: no login is needed', () => {
    expect(paths({ auto_auth: undefined, ...ofStores({ aws: {} }) })).toEqual([])
    expect(paths({ auto_auth: undefined })).toEqual(['auto_auth'])
    const idle = { auto_auth: undefined, template: undefined, ...ofStores({ aws: {} }) }
    expect(paths(idle)).toEqual(['template'])
  })
})

test('references have a meaning only beside a claviger block', () => {
  expect(value({}).own.hasReferences).toBe(false)
  expect(value({ claviger: {} }).own.hasReferences).toBe(true)
})

describe('the environment of Keep HQ', () => {
  const environment = { SECRET_MANAGER_TYPE: 'aws', AWS_REGION: 'eu-west-1' }
  const template = [{ destination: '/a', format: 'raw', secret: 'db#password' }]

  function readIn(config: object, variables: Readonly<Record<string, string>>) {
    return readConfig(JSON.stringify({ template, ...config }), variables)
  }

  function own(config: object, variables: Readonly<Record<string, string>> = environment) {
    const parsed = readIn(config, variables)
    if (parsed.kind === 'issues') throw new Error(JSON.stringify(parsed.issues))
    return parsed.value.config.own
  }

  test('is a store, and the default one of an agent without a login', () => {
    const { stores, defaultStore, hasReferences } = own({})
    expect(stores.get('keep')).toMatchObject({ type: 'aws', isKeep: true })
    expect({ defaultStore, hasReferences }).toEqual({ defaultStore: 'keep', hasReferences: true })
  })

  test('takes no secret away from a Vault that is logged in to, or from a store that is named', () => {
    const login = { auto_auth: { method: { type: 'kubernetes', config: { role: 'app' } } } }
    expect(own(login).defaultStore).toBeUndefined()
    const claviger = { stores: { gcp: {} }, default_store: 'gcp' }
    expect(own({ claviger }).defaultStore).toBe('gcp')
    expect(own({ claviger: { default_store: 'keep' }, ...login }).defaultStore).toBe('keep')
  })

  test('that is wrong is told by its variables', () => {
    const parsed = readIn({}, { SECRET_MANAGER_TYPE: 'AWZ' })
    const issues = parsed.kind === 'issues' ? parsed.issues : []
    expect(issues).toContainEqual(
      expect.objectContaining({ path: 'SECRET_MANAGER_TYPE', hint: 'did you mean AWS?' }),
    )
  })
})
