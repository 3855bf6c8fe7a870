/** Secret Manager by Google's own client and by ours, on the same secrets. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { crc32c } from '../../../core/stores/gcp/crc32c.ts'
import type { Store } from '../../../core/stores/store.ts'
import {
  codeOf,
  freshPath,
  readOne,
  seenText,
  seeOne,
  textBytes,
} from '../../support/stores/contract-scene.ts'
import { project } from '../../support/stores/gcp-fake.ts'
import { type GcpScene, openGcp, startGcpScene } from '../../support/stores/gcp-peer.ts'
import {
  createGoogleVendor,
  type GoogleVendor,
  googleFailure,
  statusOf,
} from '../../support/stores/gcp-vendor.ts'
import { describeTwoClients, viewStore } from '../../support/stores/two-clients.ts'

let scene: GcpScene
let vendor: GoogleVendor
let store: Store

beforeAll(async () => {
  scene = await startGcpScene()
  vendor = await createGoogleVendor(scene)
  store = await openGcp(scene)
})

afterAll(async () => {
  await vendor.client.close()
  await scene.close()
})

describeTwoClients('gcp', async () => ({
  ours: viewStore(store),
  vendors: vendor.view,
  failureOf: googleFailure,
  inject: scene.service.inject,
}))

const nameOf = (id: string) => `projects/${project}/secrets/${id}`
const binary = Buffer.from([0, 255, 254, 128, 10, 13, 0xc3, 0x28])
const put = (path: string, bytes: Uint8Array) =>
  store.write?.({ path, content: { kind: 'whole', bytes } })

describe('gcp: both agree', () => {
  test('on bytes and their checksum', async () => {
    const path = freshPath('sum')
    await put(path, binary)
    const name = `${nameOf(path)}/versions/latest`
    const [{ payload }] = await vendor.client.accessSecretVersion({ name })
    expect(Buffer.from(payload?.data ?? '').equals(binary)).toBe(true)
    expect(payload?.dataCrc32c).toBe(String(crc32c(binary)))
    const [version] = await vendor.client.getSecretVersion({ name })
    expect(version.clientSpecifiedPayloadChecksum).toBe(true)
  })

  test('on a version that is disabled, enabled again, destroyed', async () => {
    const path = freshPath('state')
    await put(path, textBytes('x'))
    const name = `${nameOf(path)}/versions/1`
    const [{ etag = '' }] = await vendor.client.disableSecretVersion({ name })
    const outcome = await readOne(store, path)
    expect(outcome).toMatchObject({
      error: { code: 'secret_missing', facts: { reason: 'the version is disabled' } },
    })
    expect(await store.history?.(path)).toMatchObject([{ version: '1', state: 'disabled' }])
    const keys = { kind: 'keys', members: new Map([['key', textBytes('y')]]) } as const
    expect(await codeOf(store.write?.({ path, content: keys }))).toBe('secret_missing')
    await vendor.client.enableSecretVersion({ name, etag })
    expect(await seeOne(store, path)).toEqual(seenText('x'))
    await vendor.client.destroySecretVersion({ name })
    expect(await readOne(store, path, { known: '1' })).toMatchObject({
      error: { code: 'secret_missing', facts: { reason: 'the version is destroyed' } },
    })
    expect(await store.history?.(path)).toMatchObject([{ version: '1', state: 'destroyed' }])
  })

  test('on aliases of versions', async () => {
    const path = freshPath('alias')
    await put(path, textBytes('one'))
    await put(path, textBytes('two'))
    const name = nameOf(path)
    await vendor.client.updateSecret({
      secret: { name, versionAliases: { blue: 1 } },
      updateMask: { paths: ['version_aliases'] },
    })
    expect(await seeOne(store, path, { version: 'alias:blue' })).toEqual(seenText('one'))
    expect(await store.history?.(path)).toMatchObject([
      { version: '2', labels: [] },
      { version: '1', labels: ['blue'] },
    ])
  })

  test('on labels, and on etags where both change them', async () => {
    const path = freshPath('labels')
    const content = { kind: 'whole', bytes: textBytes('x') } as const
    await store.write?.({ path, content, tags: new Map([['team', 'a']]) })
    const name = nameOf(path)
    const [{ etag = '' }] = await vendor.client.getSecret({ name })
    await store.write?.({ path, content, tags: new Map([['env', 'prod']]) })
    const [secret] = await vendor.client.getSecret({ name })
    expect(secret.labels).toEqual({ team: 'a', env: 'prod' })
    const late = vendor.client.updateSecret({
      secret: { name, labels: { team: 'b' }, etag },
      updateMask: { paths: ['labels'] },
    })
    expect(await late.then(() => undefined, statusOf)).toBe(9)
    const { entries } = (await store.list?.({ tags: new Map([['env', 'prod']]), limit: 9 })) ?? {}
    expect(entries?.map((entry) => entry.path)).toEqual([path])
  })
})
