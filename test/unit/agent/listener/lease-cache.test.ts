import { describe, expect, test } from '@jest/globals'
import { createLeaseCache, type LeaseCache } from '../../../../agent/listener/lease-cache.ts'
import type { StoreRequest } from '../../../../agent/listener/store-send.ts'
import type { RawExchange } from '../../../../core/http/exchange.ts'
import { Secret } from '../../../../core/secret.ts'
import { createManualClock, type ManualClock } from '../../../integration/webhook/support/clock.ts'
import { json } from '../../../support/agent-listener.ts'

type Script = (request: StoreRequest, count: number) => RawExchange | Promise<RawExchange>

interface TestCache extends LeaseCache {
  readonly clock: ManualClock
  /** Method and target of what reached the store. */
  readonly sent: string[]
  /** HIT or MISS. */
  readonly ask: (request: Partial<StoreRequest> & { readonly target: string }) => Promise<string>
  own: string
}

const own = 'hvs.own'

/** Leases are numbered; tokens are `hvs.N`. */
const leases: Script = ({ target, method }, count) => {
  if (method !== 'GET' && target.includes('revoke')) return json(204, '')
  if (target.includes('renew'))
    return json(200, { lease_duration: 100, renewable: true, lease_id: 'x' })
  if (target.includes('token') || target.includes('login')) {
    const orphan = !target.includes('token')
    const token = { client_token: `hvs.${count}`, accessor: `acc.${count}`, orphan }
    return json(200, { auth: { ...token, lease_duration: 100, renewable: true } })
  }
  return json(200, {
    lease_id: `${target.slice(4)}/${count}`,
    lease_duration: 100,
    renewable: true,
  })
}

function cacheOver(script: Script = leases, bounds = { entries: 10, bytes: 10_000 }): TestCache {
  const clock = createManualClock()
  const sent: string[] = []
  const test = { own }
  const cache = createLeaseCache({
    send: async (request) => {
      sent.push(`${request.method} ${request.target}`)
      return script(request, sent.length)
    },
    token: () => new Secret(test.own),
    clock,
    bounds,
  })
  return Object.assign(test, cache, {
    clock,
    sent,
    ask: async (request: Partial<StoreRequest> & { readonly target: string }) => {
      const headers = { 'x-vault-token': own, ...request.headers }
      const { ageMs } = await cache.exchange({ method: 'GET', ...request, headers })
      return ageMs === undefined ? 'MISS' : 'HIT'
    },
  })
}

const creds = { target: '/v1/db/creds/app' }

describe('what is given out again', () => {
  test('a lease, with its age, while nothing of the request differs', async () => {
    const cache = cacheOver()
    const first = await cache.exchange({
      method: 'GET',
      ...creds,
      headers: { 'x-vault-token': own },
    })
    cache.clock.advance(5_000)
    const again = await cache.exchange({
      method: 'GET',
      ...creds,
      headers: { 'x-vault-token': own },
    })
    expect(again).toEqual({ answer: first.answer, ageMs: 5_000 })
    for (const other of [
      { target: '/v1/db/creds/app?a=b' },
      { ...creds, method: 'POST' },
      { ...creds, body: Buffer.from('{}') },
      { ...creds, headers: { 'x-vault-namespace': 'team' } },
    ]) {
      expect(await cache.ask(other)).toBe('MISS')
    }
    expect(await cache.ask({ ...creds, headers: { 'user-agent': 'other' } })).toBe('HIT')
    cache.close()
  })

  test.each([
    ['a KV answer', json(200, { lease_id: '', lease_duration: 0, renewable: false, data: {} })],
    [
      'a lease that cannot be renewed',
      json(200, { lease_id: 'a', lease_duration: 9, renewable: false }),
    ],
    ['a failure', json(500, { lease_id: 'a', lease_duration: 9, renewable: true })],
    [
      'a wrapped answer',
      json(200, { wrap_info: { token: 't' }, lease_id: 'a', lease_duration: 9, renewable: true }),
    ],
    ['no JSON', { status: 200, headers: {}, body: Buffer.from('"renewable" "lease_duration"') }],
  ])('never %s', async (_, answer) => {
    const cache = cacheOver(() => answer)
    expect([await cache.ask(creds), await cache.ask(creds)]).toEqual(['MISS', 'MISS'])
  })

  test.each([
    ['a token that nobody here gave out', creds, { 'x-vault-token': 'hvs.foreign' }],
    ['an answer that is to come wrapped', creds, { 'x-vault-wrap-ttl': '60' }],
    ['a renewal', { target: '/v1/auth/token/renew-self', method: 'PUT' }, {}],
    ['a renewal of a lease', { target: '/v1/sys/leases/renew', method: 'PUT' }, {}],
  ])('never for %s', async (_, request, headers) => {
    const cache = cacheOver()
    expect(await cache.ask({ ...request, headers })).toBe('MISS')
    expect(await cache.ask({ ...request, headers })).toBe('MISS')
  })

  test('a lease of a token that a kept login gave out', async () => {
    const cache = cacheOver()
    const login = { target: '/v1/auth/jwt/login', method: 'PUT', headers: {} }
    await cache.exchange(login)
    const request = { ...creds, headers: { 'x-vault-token': 'hvs.1' } }
    expect([await cache.ask(request), await cache.ask(request)]).toEqual(['MISS', 'HIT'])
    cache.close()
  })

  test('to a hundred that ask together, for one request', async () => {
    const cache = cacheOver()
    const answers = await Promise.all(Array.from({ length: 100 }, () => cache.ask(creds)))
    expect(answers.filter((answer) => answer === 'HIT')).toHaveLength(99)
    expect(cache.sent).toHaveLength(1)
    cache.close()
  })

  test('nothing to those who wait for what cannot be kept, or fails: each asks', async () => {
    const cache = cacheOver((_, count) =>
      count === 1 ? Promise.reject(new Error('down')) : json(200, { data: {} }),
    )
    const answers = await Promise.allSettled(Array.from({ length: 5 }, () => cache.ask(creds)))
    expect(answers.map(({ status }) => status)).toEqual(['rejected', ...Array(4).fill('fulfilled')])
    expect(cache.sent).toHaveLength(5)
  })

  test.each([
    ['entries', { entries: 2, bytes: 10_000 }],
    ['bytes', { entries: 100, bytes: 150 }],
  ])('only the newest where %s are many', async (_, bounds) => {
    const cache = cacheOver(leases, bounds)
    for (const name of ['a', 'b', 'c']) await cache.ask({ target: `/v1/db/creds/${name}` })
    expect(await cache.ask({ target: '/v1/db/creds/c' })).toBe('HIT')
    expect(await cache.ask({ target: '/v1/db/creds/a' })).toBe('MISS')
    cache.close()
  })
})

describe('a kept lease', () => {
  const afterWait = async (cache: TestCache, ms: number) => {
    await cache.clock.waiting()
    cache.clock.advance(ms)
    await new Promise((resolve) => setImmediate(resolve))
  }

  test('is renewed at 60 % of its life and lives on', async () => {
    const cache = cacheOver()
    await cache.ask(creds)
    await afterWait(cache, 59_999)
    expect(cache.sent).toHaveLength(1)
    await afterWait(cache, 1)
    expect(cache.sent).toEqual(['GET /v1/db/creds/app', 'PUT /v1/sys/leases/renew'])
    await afterWait(cache, 50_000)
    expect(await cache.ask(creds)).toBe('HIT')
    cache.close()
  })

  test('is dropped when its renewal is refused', async () => {
    const cache = cacheOver((request, count) =>
      request.target.includes('renew')
        ? json(400, { errors: ['lease not found'] })
        : leases(request, count),
    )
    await cache.ask(creds)
    await afterWait(cache, 60_000)
    expect(await cache.ask(creds)).toBe('MISS')
    expect(cache.sent).toHaveLength(3)
    cache.close()
  })

  test('whose renewal fails is tried again with growing pauses, and dropped at its end', async () => {
    const cache = cacheOver((request, count) =>
      request.target.includes('renew') ? json(500, {}) : leases(request, count),
    )
    await cache.ask(creds)
    await afterWait(cache, 60_000)
    for (let second = 0; second < 29; second++) await afterWait(cache, 1_000)
    // After 0, 1, 3, 7 and 15 seconds.
    expect(cache.sent).toHaveLength(1 + 5)
    expect(await cache.ask(creds)).toBe('HIT')
    await afterWait(cache, 1_000)
    expect(await cache.ask(creds)).toBe('MISS')
    cache.close()
  })

  test('that the store renews for no time is not renewed in a tight loop', async () => {
    const cache = cacheOver((request, count) =>
      request.target.includes('renew')
        ? json(200, { lease_id: 'x', lease_duration: 1, renewable: true })
        : leases(request, count),
    )
    await cache.ask(creds)
    await afterWait(cache, 60_000)
    await afterWait(cache, 900)
    expect(cache.sent).toHaveLength(2)
    expect(await cache.ask(creds)).toBe('MISS')
    cache.close()
  })

  test('of the agent goes when the agent has another token', async () => {
    const cache = cacheOver()
    await cache.ask(creds)
    cache.own = 'hvs.new'
    expect(await cache.ask(creds)).toBe('MISS')
    cache.close()
  })
})

describe('a revocation through the listener', () => {
  /** hvs.1 by a login; its child hvs.2; a lease of each. */
  async function family(): Promise<TestCache> {
    const cache = cacheOver()
    await cache.exchange({ target: '/v1/auth/jwt/login', method: 'PUT', headers: {} })
    const by = (token: string) => ({ headers: { 'x-vault-token': token } })
    await cache.ask({ target: '/v1/auth/token/create', method: 'POST', ...by('hvs.1') })
    await cache.ask({ target: '/v1/db/creds/parent', ...by('hvs.1') })
    await cache.ask({ target: '/v1/db/creds/child', ...by('hvs.2') })
    return cache
  }

  test.each([
    ['auth/token/revoke', { token: 'hvs.1' }, own, ['MISS', 'MISS']],
    ['auth/token/revoke', { token: 'hvs.2' }, own, ['HIT', 'MISS']],
    ['auth/token/revoke-self', {}, 'hvs.1', ['MISS', 'MISS']],
    ['auth/token/revoke-self', {}, 'hvs.2', ['HIT', 'MISS']],
    ['auth/token/revoke-orphan', { token: 'hvs.1' }, own, ['MISS', 'HIT']],
    ['auth/token/revoke-accessor', { accessor: 'acc.2' }, own, ['HIT', 'MISS']],
    ['sys/leases/revoke', { lease_id: 'db/creds/parent/3' }, own, ['MISS', 'HIT']],
    ['sys/leases/revoke/db/creds/child/4', {}, own, ['HIT', 'MISS']],
    ['sys/revoke/db/creds/child/4', {}, own, ['HIT', 'MISS']],
    ['sys/leases/revoke-prefix/db/creds', {}, own, ['MISS', 'MISS']],
    ['sys/leases/revoke-force/db/creds/parent', {}, own, ['MISS', 'HIT']],
    ['sys/leases/lookup', { lease_id: 'db/creds/parent/3' }, own, ['HIT', 'HIT']],
  ])('%s %p by %s leaves of parent and child %p', async (path, body, token, kept) => {
    const cache = await family()
    const headers = { 'x-vault-token': token }
    const content = Buffer.from(JSON.stringify(body))
    await cache.ask({ target: `/v1/${path}`, method: 'PUT', headers, body: content })
    const parent = { target: '/v1/db/creds/parent', headers: { 'x-vault-token': 'hvs.1' } }
    const child = { target: '/v1/db/creds/child', headers: { 'x-vault-token': 'hvs.2' } }
    expect([await cache.ask(parent), await cache.ask(child)]).toEqual(kept)
    cache.close()
  })

  test('that the store refuses ends nothing', async () => {
    const cache = cacheOver((request, count) =>
      request.target.includes('revoke') ? json(403, {}) : leases(request, count),
    )
    await cache.ask(creds)
    await cache.ask({ target: '/v1/auth/token/revoke-self', method: 'PUT' })
    expect(await cache.ask(creds)).toBe('HIT')
    cache.close()
  })
})
