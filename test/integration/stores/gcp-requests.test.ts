/** What the gcp store asks of Secret Manager, and what it may not. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Store } from '../../../core/stores/store.ts'
import {
  codeOf,
  freshPath,
  readOne,
  seenText,
  seeOne,
  textBytes,
} from '../../support/stores/contract-scene.ts'
import { type GcpScene, nameOf, openGcp, startGcpScene } from '../../support/stores/gcp-peer.ts'
import { type RefusingProxy, startRefusingProxy } from '../../support/stores/refusing-proxy.ts'
import { createMemory, openTestStore } from '../../support/stores/store-ports.ts'

let scene: GcpScene
let proxy: RefusingProxy
let store: Store

beforeAll(async () => {
  scene = await startGcpScene()
  proxy = await startRefusingProxy()
})

beforeEach(async () => {
  scene.service.forbidden.clear()
  scene.service.exhausted.clear()
  scene.service.before.hook = undefined
  store = await openGcp(scene)
})

afterAll(async () => {
  await proxy.close()
  await scene.close()
})

const write = (path: string, text: string, tags = new Map<string, string>()) =>
  store.write?.({ path, content: { kind: 'whole', bytes: textBytes(text) }, tags })

/** Method and what is asked for, of all requests since `from`. */
const asked = (from: number) =>
  scene.service.requests
    .slice(from)
    .map(({ method, path }) => `${method} ${path.replace(/^.*\/secrets\/?[^/:]*/, '')}`)

describe('gcp: polling', () => {
  test('looks at the version before it pays for the content', async () => {
    const path = freshPath('poll')
    await write(path, 'one')
    const from = scene.service.requests.length
    expect(await seeOne(store, path, { known: '1' })).toEqual(seenText('one'))
    expect(await seeOne(store, path, { known: '1' })).toBe('unchanged')
    expect(await seeOne(store, path, { known: '1' })).toBe('unchanged')
    const look = 'GET /versions/latest'
    expect(asked(from)).toEqual([look, 'GET /versions/1:access', look, look])
    await write(path, 'two')
    const later = scene.service.requests.length
    expect(await seeOne(store, path, { known: '1' })).toEqual(seenText('two'))
    expect(asked(later)).toEqual(['GET /versions/latest', 'GET /versions/2:access'])
  })

  test('reads a secret that was deleted and made anew, whose versions begin with 1 again', async () => {
    const path = freshPath('poll')
    await write(path, 'one')
    await seeOne(store, path, { known: '1' })
    expect(await seeOne(store, path, { known: '1' })).toBe('unchanged')
    await store.delete?.(path, { isFinal: true })
    await write(path, 'two')
    expect(await seeOne(store, path, { known: '1' })).toEqual(seenText('two'))
    expect(await seeOne(store, path, { known: '1' })).toBe('unchanged')
  })

  const lookOnce = ['GET /versions/latest', 'GET /versions/latest:access']
  test('reads each time where it may not look, and asks for that once a day, whichever process', async () => {
    const path = freshPath('poll')
    await write(path, 'one')
    scene.service.forbidden.add('secretmanager.versions.get')
    let now = Date.now()
    const memory = createMemory()
    const from = scene.service.requests.length
    for (let hour = 0; hour <= 24; hour += 8) {
      const blind = await openGcp(scene, new Map(), { memory, now: () => now })
      expect(await seeOne(blind, path, { known: '1' })).toEqual(seenText('one'))
      now += 8 * 3_600_000
    }
    expect(asked(from)).toEqual([...lookOnce, lookOnce[1], lookOnce[1], ...lookOnce])
  })

  test('reads where the project has used up its looks', async () => {
    const path = freshPath('poll')
    await write(path, 'one')
    scene.service.exhausted.add('secretmanager.versions.get')
    const from = scene.service.requests.length
    expect(await seeOne(store, path, { known: '0' })).toEqual(seenText('one'))
    expect(await seeOne(store, path, { known: '0' })).toEqual(seenText('one'))
    expect(asked(from)).toEqual([...lookOnce, lookOnce[1]])
  })
})

describe('gcp: places', () => {
  test.each([
    ['projects/demo-project/secrets/ID', '1'],
    ['projects/123456/secrets/ID/versions/1', '1'],
    ['projects/123456/secrets/ID/versions/latest', '2'],
  ])('reads %s', async (pattern, version) => {
    const path = freshPath('full')
    await write(path, 'one')
    if (version === '2') await write(path, 'two')
    const outcome = await readOne(store, pattern.replace('ID', path))
    expect(outcome).toMatchObject({ kind: 'read', answer: { version } })
  })

  test('keeps regional secrets apart, without replication', async () => {
    const path = freshPath('place')
    const regional = await openGcp(scene, new Map([['location', 'europe-west3']]))
    await regional.write?.({ path, content: { kind: 'whole', bytes: textBytes('regional') } })
    expect(await seeOne(store, path)).toBe('secret_missing')
    const full = `projects/demo-project/locations/europe-west3/secrets/${path}`
    expect(await seeOne(store, full)).toEqual(seenText('regional'))
    const { entries } = (await regional.list?.({ prefix: path, limit: 9 })) ?? {}
    expect(entries).toMatchObject([{ path }])
  })

  test.each([
    [new Map<string, string>(), 'app', 'secretmanager.googleapis.com:443'],
    [
      new Map([['location', 'europe-west3']]),
      'app',
      'secretmanager.europe-west3.rep.googleapis.com:443',
    ],
    [
      new Map<string, string>(),
      'projects/p/locations/us-east1/secrets/app',
      'secretmanager.us-east1.rep.googleapis.com:443',
    ],
  ])('goes to Google through the proxy: %p %s', async (changes, path, target) => {
    const settings = new Map([...scene.settings, ...changes])
    settings.delete('endpoint')
    const environment = { HTTPS_PROXY: proxy.address, VAULT_HTTP_PROXY: 'http://127.0.0.1:1' }
    const google = await openTestStore('gcp', settings, { environment })
    expect(await seeOne(google, path)).toBe('store_unreachable')
    expect(proxy.targets.at(-1)).toBe(target)
  })

  test.each([
    '',
    'a/b',
    'ä',
    'a b',
    'projects/p/secrets/',
    'projects/../secrets/a',
    'x'.repeat(256),
  ])('has no secret %j', async (path) => {
    const from = scene.service.requests.length
    expect(await seeOne(store, path)).toBe('input_invalid')
    expect(asked(from)).toEqual([])
  })

  test('writes no version that is named', async () => {
    const path = `${nameOf('app')}/versions/1`
    expect(await codeOf(write(path, 'x'))).toBe('input_invalid')
    expect(await codeOf(store.delete?.(path, { isFinal: true }))).toBe('input_invalid')
  })
})

describe('gcp: what is made', () => {
  test('has labels and replicas, and takes the fewest requests', async () => {
    const path = freshPath('made')
    const settings = new Map([
      ['labels', 'team=a,env=dev'],
      ['replicas', 'europe-west3, us-east1'],
    ])
    const labelling = await openGcp(scene, settings)
    const from = scene.service.requests.length
    const content = { kind: 'whole', bytes: textBytes('x') } as const
    await labelling.write?.({ path, content, tags: new Map([['env', 'prod']]) })
    expect(asked(from)).toEqual(['POST :addVersion', 'POST ', 'POST :addVersion'])
    expect(scene.service.secrets.find(nameOf(path))).toMatchObject({
      labels: { team: 'a', env: 'prod' },
      replication: {
        userManaged: { replicas: [{ location: 'europe-west3' }, { location: 'us-east1' }] },
      },
    })
    const later = scene.service.requests.length
    await labelling.write?.({ path, content })
    expect(asked(later)).toEqual(['POST :addVersion'])
  })

  test('may have been made by somebody else in the meantime', async () => {
    const path = freshPath('race')
    scene.service.before.hook = ({ method, query }) => {
      if (method !== 'POST' || query.get('secretId') !== path) return
      scene.service.secrets.create(nameOf(path), { replication: { automatic: {} } })
    }
    expect(await write(path, 'x')).toBe('1')
  })

  test('keeps labels that somebody else sets in the meantime', async () => {
    const path = freshPath('etag')
    await write(path, 'x')
    let isOver = false
    scene.service.before.hook = ({ method }) => {
      if (method !== 'PATCH' || isOver) return
      isOver = true
      const secret = scene.service.secrets.find(nameOf(path))
      secret.labels = { theirs: '1' }
      scene.service.secrets.touch(secret, undefined)
    }
    await write(path, 'y', new Map([['ours', '2']]))
    expect(scene.service.secrets.find(nameOf(path)).labels).toEqual({ theirs: '1', ours: '2' })
  })
})

test('gcp: a version whose labels were refused has been made, and the error says so', async () => {
  const path = freshPath('labels')
  await write(path, 'x')
  scene.service.forbidden.add('secretmanager.secrets.update')
  await expect(write(path, 'y', new Map([['team', 'a']]))).rejects.toMatchObject({
    code: 'store_refused',
    facts: { made: true },
  })
  expect(await seeOne(store, path)).toEqual(seenText('y'))
})

describe('gcp: refusals', () => {
  test('name the role that is lacking', async () => {
    const path = freshPath('role')
    await write(path, 'x')
    scene.service.forbidden.add('secretmanager.versions.access')
    expect(await readOne(store, path)).toMatchObject({
      error: { code: 'store_refused', message: expect.stringContaining('secretAccessor') },
    })
    scene.service.forbidden.add('secretmanager.versions.add')
    await expect(write(path, 'y')).rejects.toMatchObject({
      code: 'store_refused',
      message: expect.stringContaining('secretVersionAdder'),
    })
  })

  test.each([
    ['project', 'a/b'],
    ['project', '..'],
    ['location', 'x/../y'],
    ['identity', 'federation'],
  ])('a setting %s=%s is wrong when the store is opened', async (key, value) => {
    const settings = new Map([...scene.settings, [key, value]])
    if (key === 'identity') settings.delete('provider')
    await expect(openTestStore('gcp', settings)).rejects.toMatchObject({ code: 'config_invalid' })
  })
})
