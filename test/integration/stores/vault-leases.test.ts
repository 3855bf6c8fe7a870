/** What a pod holds of another Vault's leases, whose tokens end: what Vault does with them, over days. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { exportSPKI, generateKeyPair, SignJWT } from 'jose'
import { emptyState } from '../../../agent/plan/state.ts'
import { identify } from '../../../agent/stores/create-stores.ts'
import { NamedStore } from '../../../agent/stores/named-store.ts'
import { openIssuer } from '../../../cli/dev/issuer.ts'
import { type DevServer, startDevServer } from '../../../cli/dev/server.ts'
import { createDevStore } from '../../../cli/dev/store.ts'
import { systemClock } from '../../../core/clock.ts'
import { Secret } from '../../../core/secret.ts'
import { openStore } from '../../../core/stores/open-store.ts'
import { createSharedMemory } from '../../../core/stores/shared-memory.ts'
import { agentConfig, scriptedPorts, stepOf } from '../../support/agent-fixtures.ts'
import { silentLogger } from '../../support/simulation/silent-logger.ts'

const hourMs = 3_600_000
const rootToken = 'hvs.root'
let folder: string
let server: DevServer
let now = Date.UTC(2026, 0, 1)

async function ask(method: string, path: string, body?: object, token = rootToken) {
  const response = await fetch(`${server.address}/v1/${path}`, {
    method,
    headers: { 'X-Vault-Token': token },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, text: await response.text() }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'claviger-vault-leases-'))
  const clock = { ...systemClock, now: () => now }
  const store = createDevStore({
    dataDirectory: folder,
    clock,
    rootToken: new Secret(rootToken),
    issuer: await openIssuer(folder, clock),
  })
  server = await startDevServer({ store, host: '127.0.0.1', port: 0 })
  const keys = await generateKeyPair('ES256')
  await ask('POST', 'sys/auth/jwt', { type: 'jwt' })
  const jwt_validation_pubkeys = [await exportSPKI(keys.publicKey)]
  await ask('POST', 'auth/jwt/config', { jwt_validation_pubkeys })
  const policy =
    'path "database/*" { capabilities = ["read"] }\npath "sys/leases/renew" { capabilities = ["update"] }'
  await ask('PUT', 'sys/policies/acl/app', { policy })
  await ask('POST', 'sys/mounts/database', { type: 'database' })
  const token = new SignJWT({ exp: now / 1000 + 90 * 86_400, iat: now / 1000 })
    .setProtectedHeader({ alg: 'ES256' })
    .setSubject('app')
    .setAudience('vault')
  writeFileSync(join(folder, 'token'), await token.sign(keys.privateKey))
})

afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

interface Terms {
  readonly token_ttl: string
  readonly token_max_ttl?: string
}

async function watchDays(terms: Terms, lease: object, days: number) {
  const role = { role_type: 'jwt', user_claim: 'sub', bound_audiences: ['vault'] }
  await ask('POST', 'auth/jwt/role/app', { ...role, token_policies: ['app'], ...terms })
  await ask('POST', 'database/roles/app', lease)
  const settings = {
    name: 'other',
    type: 'vault' as const,
    values: new Map([
      ['address', server.address],
      ['auth', 'jwt'],
      ['role', 'app'],
      ['token_path', join(folder, 'token')],
    ]),
  }
  const config = agentConfig({
    claviger: { stores: { other: { type: 'vault', ...Object.fromEntries(settings.values) } } },
    auto_auth: undefined,
    template: [
      {
        destination: '/db',
        contents: '{{ with secret "other:database/creds/app" }}{{ .LeaseID }}{{ end }}',
      },
    ],
  })
  /** A new process for each step, as of an agent that hibernates. */
  const open = () =>
    new NamedStore({
      settings,
      identity: identify(settings, {}),
      refreshMs: undefined,
      ports: { environment: {}, now: () => now, logger: silentLogger, userAgent: '' },
      share: createSharedMemory(),
      open: openStore,
    })
  const first = now
  const used = new Set<string>()
  let state = emptyState
  let steps = 0
  let deadMs = 0
  while (now < first + days * 24 * hourMs) {
    const ports = scriptedPorts({
      method: undefined,
      stores: new Map([['other', open()]]),
      wall: () => now,
      chance: () => (steps % 11) / 11,
    })
    const result = await stepOf(config, ports)(config, state, now)
    state = result.state
    steps++
    const [write] = result.writes
    const lease_id = Buffer.from(write?.bytes ?? []).toString()
    used.add(lease_id)
    // The app uses what it was given until the next step.
    for (const until = result.nextWake; now < until; now = Math.min(until, now + 600_000)) {
      const { status } = await ask('PUT', 'sys/leases/lookup', { lease_id })
      if (status !== 200) deadMs += 600_000
    }
  }
  return { deadMs, leases: used.size, steps }
}

describe('a lease of another Vault', () => {
  test.each([
    ['longer than its token', { token_ttl: '1h' }, { default_ttl: '24h', max_ttl: '720h' }],
    ['as long as its token', { token_ttl: '1h' }, { default_ttl: '1h', max_ttl: '720h' }],
    ['shorter than its token', { token_ttl: '1h' }, { default_ttl: '20m', max_ttl: '720h' }],
  ])('lives on with the token that made it: %s', async (_, terms, lease) => {
    expect(await watchDays(terms, lease, 1)).toMatchObject({ deadMs: 0, leases: 1 })
  })

  test('is replaced before a token ends that cannot be renewed any more', async () => {
    const terms = { token_ttl: '1h', token_max_ttl: '6h' }
    const { deadMs, leases } = await watchDays(terms, { default_ttl: '1h', max_ttl: '720h' }, 1)
    expect(deadMs).toBe(0)
    expect(leases).toBeLessThanOrEqual(6)
  })
})
