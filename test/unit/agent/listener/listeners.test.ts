import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from '@jest/globals'
import type { ListenerTls } from '../../../../agent/config/listener-config.ts'
import { createTestCertificate, send } from '../../../integration/webhook/support/certificates.ts'
import {
  askAt,
  json,
  listenerConfig,
  openTestListener,
  type TestListener,
} from '../../../support/agent-listener.ts'

const folder = mkdtempSync(join(tmpdir(), 'claviger-listener-'))
afterAll(() => rmSync(folder, { recursive: true }))

const open: TestListener[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map(({ listeners }) => listeners.close()))
})

const found = () => json(200, { data: {} })

async function start(...configs: readonly (typeof listenerConfig)[]): Promise<TestListener> {
  const listener = await openTestListener(found, {}, configs)
  open.push(listener)
  return listener
}

const file = (name: string, text: string) => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

describe('a TLS listener', () => {
  const [first, second] = [createTestCertificate(), createTestCertificate()]
  const config = (changes: Partial<ListenerTls> = {}) => ({
    ...listenerConfig,
    tls: {
      certPath: file('cert.pem', first.pair.cert),
      keyPath: file('key.pem', first.pair.key),
      minVersion: 'TLSv1.2',
      maxVersion: 'TLSv1.3',
      cipherSuites: [],
      clientCaPath: undefined,
      requireClientCert: false,
      disableClientCerts: false,
      ...changes,
    } as const,
  })

  test('takes a new certificate when it is told to, and keeps the old one when the new is none', async () => {
    const { address, listeners, log } = await start(config())
    const shown = async (ca: string) =>
      (await send(address, '/v1/kv', { ca, method: 'LIST' })).status
    expect(await shown(first.ca)).toBe(200)
    file('cert.pem', second.pair.cert)
    listeners.reload()
    expect(await shown(first.ca)).toBe(200)
    expect(log.join()).toContain('listener certificate refused')
    file('key.pem', second.pair.key)
    listeners.reload()
    expect(await shown(second.ca)).toBe(200)
    await expect(shown(first.ca)).rejects.toMatchObject({
      code: expect.stringMatching(/CERT|VERIFY/),
    })
  })

  test.each([
    ['below the least', { minVersion: 'TLSv1.3' }, { maxVersion: 'TLSv1.2' }],
    ['above the most', { maxVersion: 'TLSv1.2' }, { minVersion: 'TLSv1.3' }],
    ['without a client certificate', { requireClientCert: true }, { maxVersion: 'TLSv1.2' }],
    [
      'with another cipher',
      { cipherSuites: ['ECDHE-ECDSA-AES128-GCM-SHA256'] },
      { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' },
    ],
  ] as const)('refuses a caller %s', async (_, changes, caller) => {
    const { address } = await start(config(changes))
    await expect(send(address, '/v1/kv', { ca: first.ca, ...caller })).rejects.toThrow()
  })

  test('speaks TLS 1.3 whatever ciphers are chosen for older ones', async () => {
    const { address } = await start(config({ cipherSuites: ['ECDHE-ECDSA-AES128-GCM-SHA256'] }))
    const reply = await send(address, '/v1/kv', { ca: first.ca, minVersion: 'TLSv1.3' })
    expect(reply.status).toBe(200)
  })

  test.each(['certPath', 'keyPath', 'clientCaPath'])(
    'without its %s does not open',
    async (name) => {
      const missing = join(folder, 'none.pem')
      await expect(start(config({ [name]: missing }))).rejects.toMatchObject({
        code: 'tls_invalid',
        facts: { path: missing, cause: 'ENOENT' },
      })
    },
  )
})

describe('a unix socket', () => {
  const path = join(folder, 'agent.sock')
  const config = (changes: Partial<{ mode: number; user: string; group: string }> = {}) => ({
    ...listenerConfig,
    address: {
      kind: 'unix',
      path,
      mode: undefined,
      user: undefined,
      group: undefined,
      ...changes,
    } as const,
  })

  test('takes the place of one that was left there, has its mode, and is gone afterwards', async () => {
    // A process that was killed leaves its socket.
    const script = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`
    expect(() => execFileSync(process.execPath, ['-e', script])).toThrow()
    expect(statSync(path).isSocket()).toBe(true)
    const { address, listeners } = await start(config({ mode: 0o600 }))
    expect(address).toBe(path)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect((await askAt(path, '/v1/kv')).status).toBe(200)
    await listeners.close()
    expect(statSync(path, { throwIfNoEntry: false })).toBeUndefined()
  })

  test('is never opened over a file', async () => {
    file('agent.sock', 'precious')
    await expect(start(config())).rejects.toMatchObject({
      code: 'listen_failed',
      facts: { listen: path, cause: 'EADDRINUSE' },
    })
    rmSync(path)
  })

  test('of an owner whom nobody knows is an error', async () => {
    await expect(start(config({ user: 'no such user' }))).rejects.toMatchObject({
      code: 'listen_failed',
      facts: { name: 'no such user' },
    })
    rmSync(path, { force: true })
  })

  test('may be given by number to oneself', async () => {
    const [user, group] = [process.getuid?.(), process.getgid?.()].map(String)
    await start(config({ user, group, mode: 0o660 } as never))
    expect(statSync(path).mode & 0o777).toBe(0o660)
  })
})

test('an address in use is an error that ends the start with 1, and closes what was open', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => taken.once('listening', resolve))
  const bound = taken.address()
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0
  const path = join(folder, 'first.sock')
  const first = {
    ...listenerConfig,
    address: { kind: 'unix', path, mode: undefined, user: undefined, group: undefined } as const,
  }
  const second = { ...listenerConfig, address: { kind: 'tcp', host: '127.0.0.1', port } as const }
  await expect(start(first, second)).rejects.toMatchObject({
    code: 'listen_failed',
    exitCode: 1,
    facts: { listen: `127.0.0.1:${port}`, cause: 'EADDRINUSE' },
  })
  expect(statSync(path, { throwIfNoEntry: false })).toBeUndefined()
  await new Promise((resolve) => taken.close(resolve))
})
