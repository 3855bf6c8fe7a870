/** The verbs of stores with a store of every type. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type StoreTypeName, storeTypes } from '../../../core/stores/settings/store-types.ts'
import type { Capability } from '../../../core/stores/store.ts'
import { runVerb } from './support/run-verb.ts'
import { type StorePlace, startPlace } from './support/store-places.ts'

const identities: Readonly<Partial<Record<StoreTypeName, RegExp>>> = {
  aws: /^claviger: asked as the keys of AWS_ACCESS_KEY_ID, region eu-west-1$/m,
  ssm: /^claviger: asked as the keys of AWS_ACCESS_KEY_ID, region eu-west-1$/m,
  gcp: /^claviger: asked as the workload of a token file, project demo-project$/m,
  azure: /^claviger: asked as workload \S+, vault_url http:/m,
  k8s: /^claviger: asked as the user of the kubeconfig’s context/m,
}

describe.each(Object.entries(startPlace))('%s', (name, start) => {
  // The keys of the table are types.
  const type = name as StoreTypeName
  const capabilities: readonly Capability[] = storeTypes[type].capabilities
  const can = (capability: Capability) => capabilities.includes(capability)
  let place: StorePlace

  beforeAll(async () => {
    place = await start()
  })
  afterAll(() => place.close())

  /** Names of the tests are below what names of the store must begin with. */
  const run = async ([verb = '', ...words]: readonly string[], input = '') => {
    const { settings, args = [], environment = {}, prefix = '' } = place
    const stores = `-stores=${JSON.stringify({ dev: { type, settings } })}`
    const named = words.map((word) => word.replace(/^dev:/, `dev:${prefix}`))
    const ended = await runVerb([verb, ...named, stores, ...args], { input, environment })
    return { ...ended, stdout: ended.stdout.replaceAll(`dev:${prefix}`, 'dev:') }
  }
  const get = async (...references: readonly string[]) => (await run(['get', ...references])).stdout

  test('writes, reads, lists and tells the versions of a secret', async () => {
    expect(await run(['set', 'dev:app-db'], 'old')).toMatchObject({ status: 0, stderr: '' })
    expect(await get('dev:app-db')).toBe('old')
    expect((await run(['set', 'dev:app-db'], 'grüße')).status).toBe(0)
    expect(Buffer.from(await get('dev:app-db'), 'latin1').toString()).toBe('grüße')
    expect((await run(['list', 'dev:app-'])).stdout).toBe('dev:app-db\n')
    const { status, stdout, stderr } = await run(['history', 'dev:app-db', '-o=json'])
    if (can('history')) {
      const versions: readonly { readonly version: string }[] = JSON.parse(stdout).versions
      expect(versions).toHaveLength(2)
      expect(await get(`dev:app-db@${versions.at(-1)?.version}`)).toBe('old')
    } else {
      expect([status, stderr]).toEqual([64, expect.stringContaining('store: dev, type: ')])
    }
  })

  test('writes one key and leaves the others', async () => {
    expect((await run(['set', 'dev:web#user'], 'app')).status).toBe(0)
    expect((await run(['set', 'dev:web#tls.crt'], 'PEM')).status).toBe(0)
    expect((await run(['set', 'dev:web#user'], 'web')).status).toBe(0)
    expect(await get('dev:web#user')).toBe('web')
    expect(await get('dev:web#tls.crt')).toBe('PEM')
    expect(JSON.parse(await get('dev:web', 'dev:web#user', 'dev:none?'))).toEqual({
      'dev:web': { user: 'web', 'tls.crt': 'PEM' },
      'dev:web#user': { user: 'web' },
      'dev:none?': null,
    })
  })

  test('prints all keys of a secret, whatever they are called', async () => {
    for (const key of ['value', 'other']) {
      expect((await run(['set', `dev:both#${key}`], `of ${key}`)).status).toBe(0)
    }
    expect(JSON.parse(await get('dev:both'))).toEqual({ value: 'of value', other: 'of other' })
    if (type !== 'vault' && type !== 'k8s') return
    expect((await run(['get', '-o=raw', 'dev:both'])).stdout).toBe('of value')
  })

  test('deletes a secret, and restores it where it can', async () => {
    expect((await run(['set', 'dev:old'], 'kept')).status).toBe(0)
    expect((await run(['delete', 'dev:old', '-yes'])).status).toBe(0)
    expect((await run(['get', 'dev:old'])).status).toBe(66)
    const { status } = await run(['restore', 'dev:old'])
    expect(status).toBe(can('restore') ? 0 : 64)
    if (can('restore')) expect(await get('dev:old')).toBe('kept')
    else {
      expect((await run(['set', 'dev:old'], 'kept')).status).toBe(0)
      expect((await run(['delete', 'dev:old', '-yes', '-recovery-days=7'])).status).toBe(64)
      expect(await get('dev:old')).toBe('kept')
    }
  })

  test('says whom it refused', async () => {
    place.inject?.('denied')
    const { status, stdout, stderr } = await run(['get', 'dev:app-db'])
    place.inject?.(undefined)
    const identity = identities[type]
    expect(status).toBe(identity === undefined ? 0 : 77)
    if (identity === undefined) return
    expect(stdout).toBe('')
    expect(stderr).toMatch(/store: dev, path: app-db/)
    expect(stderr).toMatch(/status: 40[03]/)
    expect(stderr).toMatch(identity)
  })

  test('says that nobody answers', async () => {
    place.inject?.('down')
    const { status, stderr } = await run(['list', 'dev:'])
    place.inject?.(undefined)
    expect(status).toBe(place.inject === undefined ? 0 : 69)
    if (place.inject !== undefined) expect(stderr).toMatch(/store: dev.*cause: E/)
  })
})
