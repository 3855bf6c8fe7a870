/** Stores of one agent that are the same to a cloud log in once; those that differ in anything do not share what they are given. */
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { createStores } from '../../../agent/stores/create-stores.ts'
import { parseStoreSettings } from '../../../core/stores/settings/store-settings.ts'
import { silentLogger } from '../../support/simulation/silent-logger.ts'
import { type FakeScene, startFakeScene } from '../../support/stores/aws-peers.ts'
import { type AzureScene, startAzureScene } from '../../support/stores/azure-peer.ts'
import { type GcpScene, startGcpScene } from '../../support/stores/gcp-peer.ts'
import { actedAs } from '../../support/stores/google-identity-fake.ts'
import { createTestAuthority } from '../../support/stores/test-authority.ts'

type Values = ReadonlyMap<string, string>
type Type = 'aws' | 'ssm' | 'gcp' | 'azure'

let aws: FakeScene
let gcp: GcpScene
let azure: AzureScene
const folder = mkdtempSync(join(tmpdir(), 'claviger-shared-'))
beforeAll(async () => {
  aws = await startFakeScene()
  gcp = await startGcpScene()
  azure = await startAzureScene()
  writeFileSync(join(folder, 'ca'), createTestAuthority().ca)
})
afterEach(() => {
  aws.fake.clear()
  gcp.identity.requests.length = 0
  azure.entra.requests.length = 0
})
afterAll(async () => {
  await aws.close()
  await gcp.close()
  await azure.close()
  rmSync(folder, { recursive: true })
})

const settingsOf = (type: Type): Values => {
  if (type === 'gcp') return gcp.settings
  return type === 'azure' ? azure.settings : aws.settings
}
const exchanges = () =>
  aws.fake.calls.filter(({ operation }) => operation === 'sts').length +
  gcp.identity.requests.filter(({ path }) => path.endsWith('/token')).length +
  azure.entra.requests.length

interface Given {
  readonly type: Type
  readonly changes?: object
}

function open(...given: readonly Given[]) {
  const stores = given.map(({ type, changes = {} }, at) => {
    const values = new Map([...settingsOf(type), ...Object.entries(changes)])
    const parsed = parseStoreSettings({ name: `s${at}`, type, values, path: '' })
    if (parsed.kind === 'issues') throw new Error(JSON.stringify(parsed.issues))
    return [parsed.value.name, parsed.value] as const
  })
  return [...createStores(new Map(stores), { environment: {}, logger: silentLogger }).values()]
}

/** The codes of what fails: nothing is there. */
const readAll = (stores: ReturnType<typeof open>) =>
  Promise.all(
    stores.map(async (store) => {
      const outcome = await store.read({ path: 'none', version: undefined, known: undefined })
      return outcome.kind === 'failed' ? outcome.error.code : outcome.kind
    }),
  )

test.each<readonly [Type, Type]>([
  ['aws', 'aws'],
  ['aws', 'ssm'],
  ['gcp', 'gcp'],
  ['azure', 'azure'],
])(
  'a store %s and a store %s of one identity log in once, also at one moment',
  async (...types) => {
    const stores = open(...types.map((type) => ({ type })))
    expect(await readAll(stores)).toEqual(['secret_missing', 'secret_missing'])
    expect(await readAll(stores)).toEqual(['secret_missing', 'secret_missing'])
    expect(exchanges()).toBe(1)
  },
)

test('whoever logs in later takes what is there, and both keep it for the next process', async () => {
  const stores = open({ type: 'aws' }, { type: 'ssm' })
  for (const store of stores) expect(await readAll([store])).toEqual(['secret_missing'])
  expect(exchanges()).toBe(1)
  const [first, second] = stores.map(({ memory }) =>
    Array.from(memory, ([key, text]) => [key, text.reveal()]),
  )
  expect(first).toHaveLength(1)
  expect(second).toEqual(first)
})

/** Which tokens a vault takes is no secret, and the same for all. */
const isLogin = (key: string) => !key.startsWith('azure-challenge ')

describe('nothing is shared by two that differ in', () => {
  const copyToken = (path: string) => {
    copyFileSync(path, join(folder, 'token'))
    return join(folder, 'token')
  }
  const ca_cert = join(folder, 'ca')
  test.each<readonly [string, Type, () => object]>([
    ['role', 'aws', () => ({ role_arn: 'arn:aws:iam::123456789012:role/other' })],
    ['session', 'aws', () => ({ role_session_name: 'other' })],
    ['token', 'aws', () => ({ token_path: copyToken(aws.tokenPath) })],
    ['STS', 'ssm', () => ({ sts_endpoint: `${aws.fake.address}/sts?` })],
    ['authorities', 'ssm', () => ({ ca_cert })],
    ['account', 'gcp', () => ({ service_account: actedAs })],
    ['token', 'gcp', () => ({ token_path: copyToken(gcp.tokenPath) })],
    ['STS', 'gcp', () => ({ sts_endpoint: `${gcp.identity.address}/` })],
    ['IAM', 'gcp', () => ({ iam_endpoint: `${gcp.identity.address}/` })],
    ['authorities', 'gcp', () => ({ ca_cert })],
    ['application', 'azure', () => ({ client_id: 'other' })],
    ['tenant', 'azure', () => ({ tenant_id: 'other' })],
    ['token', 'azure', () => ({ token_path: copyToken(azure.tokenPath) })],
    ['Entra ID', 'azure', () => ({ authority: `${azure.entra.address}/` })],
    ['authorities', 'azure', () => ({ ca_cert })],
  ])('%s: %s', async (_, type, changes) => {
    const stores = open({ type }, { type, changes: changes() })
    await readAll(stores)
    expect(exchanges()).toBe(2)
    const held = stores.flatMap(({ memory }) => [...memory.keys()].filter(isLogin))
    expect(new Set(held).size).toBe(held.length)
  })
})

test('those who wait for a login that fails are told so by their own names', async () => {
  const stores = open(
    ...['aws', 'ssm'].map((type) => ({
      type: type === 'aws' ? ('aws' as const) : ('ssm' as const),
      changes: { role_session_name: '?' },
    })),
  )
  const outcomes = await Promise.all(
    stores.map((store) => store.read({ path: 'none', version: undefined, known: undefined })),
  )
  expect(exchanges()).toBe(1)
  expect(outcomes).toMatchObject([
    {
      error: { code: 'credentials_unavailable', facts: { store: 's0', reason: 'ValidationError' } },
    },
    {
      error: { code: 'credentials_unavailable', facts: { store: 's1', reason: 'ValidationError' } },
    },
  ])
})
