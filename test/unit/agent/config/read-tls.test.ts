import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import type { Subsystem } from '../../../../agent/config/agent-config.ts'
import { forSubsystem, readTls } from '../../../../agent/config/read-tls.ts'
import { agentConfig } from '../../../support/agent-fixtures.ts'

const folder = mkdtempSync(join(tmpdir(), 'claviger-tls-'))
const file = join(folder, 'ca.pem')
writeFileSync(file, 'from the file')
afterAll(() => rmSync(folder, { recursive: true }))

const { vault } = agentConfig()

test.each([
  [undefined, undefined, undefined],
  [undefined, 'bytes', 'bytes'],
  [file, undefined, 'from the file'],
  [file, 'bytes', 'from the file'],
])('a CA at %p with bytes %p', (caCertPath, caCertPem, ca) => {
  expect(readTls({ ...vault, caCertPath, caCertPem }).tls.ca).toBe(ca)
})

test('a file that is missing is named', () => {
  const clientCertPath = join(folder, 'none.pem')
  expect(() => readTls({ ...vault, clientCertPath })).toThrow(
    expect.objectContaining({
      code: 'tls_invalid',
      facts: { path: clientCertPath, cause: 'ENOENT' },
    }),
  )
})

describe('a directory of authorities', () => {
  const directory = join(folder, 'authorities')
  const pem = (name: string) => `-----BEGIN CERTIFICATE-----\n${name}\n-----END CERTIFICATE-----\n`
  mkdirSync(join(directory, '..2026'), { recursive: true })
  writeFileSync(join(directory, '..2026', 'b.pem'), pem('b'))
  symlinkSync('..2026', join(directory, '..data'))
  symlinkSync('..data/b.pem', join(directory, 'b.pem'))
  writeFileSync(join(directory, 'a.pem'), pem('a'))
  writeFileSync(join(directory, 'notes'), 'no certificate')

  test('gives each file that holds one, in the order of their names', () => {
    expect(readTls({ ...vault, caPath: directory }).tls.ca).toEqual([pem('a'), pem('b')])
  })

  test.each([
    [{ caCertPath: file }, 'from the file'],
    [{ caCertPem: 'bytes' }, 'bytes'],
  ])('comes after %p', (changes, ca) => {
    expect(readTls({ ...vault, ...changes, caPath: directory }).tls.ca).toBe(ca)
  })

  test('that is missing is named', () => {
    const caPath = join(folder, 'nowhere')
    expect(() => readTls({ ...vault, caPath })).toThrow(
      expect.objectContaining({ code: 'tls_invalid', facts: { path: caPath, cause: 'ENOENT' } }),
    )
  })

  test('is read again when a file comes, and once only', () => {
    const { renewTls, tls } = readTls({ ...vault, caPath: directory })
    expect(renewTls?.(tls)).toBeUndefined()
    writeFileSync(join(directory, 'c.pem'), pem('c'))
    const renewed = renewTls?.(tls) ?? {}
    expect(renewed).toEqual({ ca: [pem('a'), pem('b'), pem('c')] })
    expect(renewTls?.(renewed)).toBeUndefined()
  })
})

test('a file that goes and comes back is read again then', () => {
  const path = join(folder, 'rotated.pem')
  writeFileSync(path, 'old')
  const { renewTls, tls } = readTls({ ...vault, caCertPath: path })
  rmSync(path)
  expect(renewTls?.(tls)).toBeUndefined()
  writeFileSync(path, 'newer')
  expect(renewTls?.(tls)).toEqual({ ca: 'newer' })
})

test.each([
  ['unix:///run/vault.sock', '/run/vault.sock'],
  ['http://127.0.0.1:8200', undefined],
])('the address %s leads to the socket %p', (address, socketPath) => {
  expect(readTls({ ...vault, address }).socketPath).toBe(socketPath)
})

test.each([
  [[], [], true],
  [['templating'], [], false],
  [[], ['templating'], false],
  [['proxying'], ['caching'], true],
] as const)(
  'templates with idle connections off for %p and keep-alive off for %p keep theirs: %p',
  (withoutIdle, withoutKeepAlive, keepAlive) => {
    const connections = {
      withoutIdle: new Set<Subsystem>(withoutIdle),
      withoutKeepAlive: new Set<Subsystem>(withoutKeepAlive),
    }
    const options = forSubsystem(readTls(vault), connections, 'templating')
    expect(options.keepAlive).toBe(keepAlive)
    expect(options.userAgent).toBe('claviger-agent/development (templating)')
  },
)
