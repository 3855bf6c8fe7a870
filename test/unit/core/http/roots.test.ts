import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { createTestCertificate } from '../../../integration/webhook/support/certificates.ts'

const { ca, pair } = createTestCertificate()
const server = createServer(pair, (_, response) => response.end())
const folder = mkdtempSync(join(tmpdir(), 'claviger-roots-'))
const extra = join(folder, 'ca.pem')
let url = ''

beforeAll(async () => {
  writeFileSync(extra, ca)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address === 'object') url = `https://127.0.0.1:${address?.port}/`
})

afterAll(() => {
  server.close()
  rmSync(folder, { recursive: true })
})

const program = `import { createExchange } from './core/http/exchange.ts'
const exchange = createExchange({ tls: {}, skipVerify: false, timeoutMs: 30_000 })
const asked = exchange({ method: 'GET', url: process.argv[1], headers: {} })
console.log(await asked.then(({ status }) => status, ({ code }) => code))
process.exit()`

async function ask(flags: readonly string[], environment: Readonly<Record<string, string>>) {
  const words = [...flags, '--input-type=module', '-e', program, url]
  const { stdout } = await promisify(execFile)(process.execPath, words, {
    env: { PATH: process.env['PATH'], ...environment },
  })
  return stdout.trim()
}

test.each([
  ['without the flag', []],
  ['with the flag of the images', ['--use-openssl-ca']],
])("a store whose CA nobody names is held against Node's roots, %s", async (_, flags) => {
  expect(await ask(flags, { NODE_EXTRA_CA_CERTS: extra })).toBe('200')
  expect(await ask(flags, { SSL_CERT_FILE: extra })).toBe('store_unreachable')
})
