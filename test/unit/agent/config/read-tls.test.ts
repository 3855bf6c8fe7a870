import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { readTls } from '../../../../agent/config/read-tls.ts'
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
