/** Key Vault by Microsoft's own client and by ours, on the same secrets, over https. */
import type { SecretClient } from '@azure/keyvault-secrets'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Store } from '../../../core/stores/store.ts'
import { type AzureScene, openAzure, startAzureScene } from '../../support/stores/azure-peer.ts'
import { azureFailure, createAzureVendor, viewVendor } from '../../support/stores/azure-vendor.ts'
import {
  codeOf,
  freshPath,
  readOne,
  seenText,
  seeOne,
  textBytes,
} from '../../support/stores/contract-scene.ts'
import { seenBytes } from '../../support/stores/seen-content.ts'
import { createTestAuthority, trustEverywhere } from '../../support/stores/test-authority.ts'
import { describeTwoClients, viewStore } from '../../support/stores/two-clients.ts'

const authority = createTestAuthority()
let scene: AzureScene
let client: SecretClient
let store: Store
let distrust: () => void

beforeAll(async () => {
  distrust = trustEverywhere(authority)
  scene = await startAzureScene(authority)
  client = createAzureVendor(scene)
  store = await openAzure(scene)
})

afterAll(async () => {
  await scene.close()
  distrust()
})

describeTwoClients('azure', async () => ({
  ours: viewStore(store),
  vendors: viewVendor(client),
  failureOf: azureFailure,
  inject: scene.service.inject,
}))

const put = (path: string, bytes: Uint8Array, tags = new Map<string, string>()) =>
  store.write?.({ path, content: { kind: 'whole', bytes }, tags })

describe('azure: both agree', () => {
  test('on names: what environments call with _ is kept with -', async () => {
    const base = freshPath('name')
    await client.setSecret(`${base}-JWT-SECRET`, 'x')
    expect(await seeOne(store, `${base}_JWT_SECRET`)).toEqual(seenText('x'))
    await put(`${base}_API_KEY`, textBytes('y'))
    expect((await client.getSecret(`${base}-API-KEY`)).value).toBe('y')
    const { entries } = (await store.list?.({ prefix: `${base}_`, limit: 9 })) ?? {}
    expect(entries?.map(({ path }) => path)).toEqual([`${base}-API-KEY`, `${base}-JWT-SECRET`])
  })

  test('on bytes, as the command line of Azure keeps them', async () => {
    const path = freshPath('bytes')
    const binary = Buffer.from([0, 255, 254, 128, 10, 13, 0xc3, 0x28])
    await put(path, binary)
    const { value, properties } = await client.getSecret(path)
    expect(Buffer.from(value ?? '', 'base64').equals(binary)).toBe(true)
    expect(properties).toMatchObject({
      contentType: 'application/octet-stream',
      tags: { 'file-encoding': 'base64' },
    })
    const folded = `${binary.toString('base64').slice(0, 4)}\n${binary.toString('base64').slice(4)}\n`
    await client.setSecret(path, folded, { tags: { 'file-encoding': 'base64' } })
    expect(await seeOne(store, path)).toEqual(seenBytes(binary))
    await client.setSecret(path, binary.toString('hex'), { tags: { 'file-encoding': 'hex' } })
    expect(await seeOne(store, path)).toEqual(seenBytes(binary))
    await put(path, textBytes('text again'))
    expect((await client.getSecret(path)).properties.tags ?? {}).toEqual({})
  })

  test('on tags, which a new version takes over', async () => {
    const path = freshPath('tags')
    await client.setSecret(path, 'x', { tags: { team: 'a' }, contentType: 'text/plain' })
    await put(path, textBytes('y'), new Map([['env', 'prod']]))
    const { properties } = await client.getSecret(path)
    expect(properties).toMatchObject({
      contentType: 'text/plain',
      tags: { team: 'a', env: 'prod' },
    })
    const query = { prefix: 'contract-tags', tags: new Map([['team', 'a']]), limit: 9 }
    expect(await store.list?.(query)).toMatchObject({ entries: [{ path }], isCapped: false })
  })

  test('on the end of a secret', async () => {
    const path = freshPath('end')
    const expiresOn = new Date('2031-02-03T04:05:06Z')
    await client.setSecret(path, 'x', { expiresOn })
    expect(await readOne(store, path)).toMatchObject({ answer: { expiresAt: expiresOn.getTime() } })
  })

  test('on a secret that is disabled', async () => {
    const path = freshPath('state')
    const { properties } = await client.setSecret(path, 'x')
    await client.updateSecretProperties(path, properties.version ?? '', { enabled: false })
    expect(await readOne(store, path)).toMatchObject({
      error: { code: 'secret_missing', facts: { reason: 'the secret is disabled' } },
    })
    expect(await store.history?.(path)).toMatchObject([{ state: 'disabled' }])
    const keys = { kind: 'keys', members: new Map([['key', textBytes('y')]]) } as const
    expect(await codeOf(store.write?.({ path, content: keys }))).toBe('secret_missing')
    expect(await put(path, textBytes('whole'))).toMatch(/^[0-9a-f]{32}$/)
  })

  test('on what is deleted for good', async () => {
    const path = freshPath('purge')
    await client.setSecret(path, 'x')
    await store.delete?.(path, { isFinal: true })
    expect(await client.getDeletedSecret(path).then(() => 'there', azureFailure)).toBe('missing')
    await client.setSecret(path, 'y')
    await viewVendor(client).remove(path)
    await store.delete?.(path, { isFinal: true })
    expect(await client.getDeletedSecret(path).then(() => 'there', azureFailure)).toBe('missing')
  })
})
