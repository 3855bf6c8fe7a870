/** The program as it is started: arguments, the line that tells the address, SIGTERM. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createTestCertificate, review, send } from './support/certificates.ts'

const certificate = createTestCertificate()
let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'claviger-webhook-'))
  writeFileSync(join(folder, 'tls.crt'), certificate.pair.cert)
  writeFileSync(join(folder, 'tls.key'), certificate.pair.key)
})

afterAll(() => {
  rmSync(folder, { recursive: true })
})

function start(...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, ['webhook/main.ts', ...args], { env: {}, stdio: 'pipe' })
}

/** What arrives on a stream, as it arrives. */
function collect(stream: Readable | null): readonly string[] {
  const chunks: string[] = []
  stream?.on('data', (chunk: Buffer) => void chunks.push(chunk.toString()))
  return chunks
}

/** Exit code, standard output and standard error of a program that ends by itself. */
async function runToEnd(...args: readonly string[]) {
  const child = start(...args)
  const [out, err] = [collect(child.stdout), collect(child.stderr)]
  const [code] = await once(child, 'close')
  return { code, out: out.join(''), err: err.join('') }
}

describe('agent-inject', () => {
  test('serves, tells its address in one line, and ends with 0 on SIGTERM', async () => {
    const files = [`-tls-cert-file=${folder}/tls.crt`, `-tls-key-file=${folder}/tls.key`]
    const listen = ['-listen=127.0.0.1:0', '-vault-address=http://vault:8200', '-log-format=json']
    const child = start('agent-inject', ...listen, ...files)
    const out = collect(child.stdout)
    if (child.stderr === null) throw new Error('no pipe')
    const [line] = await once(createInterface(child.stderr), 'line')
    const { address, ...rest } = JSON.parse(line)
    expect(rest).toMatchObject({ '@level': 'info', '@message': 'webhook listens' })
    const options = { ca: certificate.ca, method: 'POST', body: review }
    const headers = { 'content-type': 'application/json' }
    const response = await send(address, '/mutate', { ...options, headers })
    expect(JSON.parse(response.body).response.allowed).toBe(true)
    child.kill('SIGTERM')
    expect(await once(child, 'close')).toEqual([0, null])
    expect(out).toEqual([])
  }, 20_000)

  test.each([
    [['--help'], 0, /^usage: webhook agent-inject/, /^$/],
    [[], 0, /^usage: webhook agent-inject/, /^$/],
    [['--version'], 0, /^claviger webhook \S+\n$/, /^$/],
    [['serve'], 64, /^$/, /the command is agent-inject, guard or check/],
    [['guard', '--help'], 0, /^usage: webhook guard/, /^$/],
    [
      ['guard', '-evit', '-grace=x'],
      64,
      /^$/,
      /did you mean -evict\?[\s\S]*-grace: expected a duration/,
    ],
    [['guard'], 78, /^$/, /works in a cluster only/],
    [['agent-inject', '-listne=:1'], 64, /^$/, /did you mean -listen\?[\s\S]*-vault-address/],
    [
      ['agent-inject', '-vault-address=http://v', '-tls-auto=a', '-tls-auto-hosts=b'],
      78,
      /^$/,
      /works in a cluster only/,
    ],
    [
      [
        'agent-inject',
        '-vault-address=http://v',
        '-tls-auto=a',
        '-tls-auto-hosts=b',
        '-policy-file=/no/policy.yaml',
      ],
      78,
      /^$/,
      /\/no\/policy\.yaml: expected a file that can be read \(ENOENT\)/,
    ],
    [
      [
        'agent-inject',
        '-vault-address=http://v',
        '-tls-auto=a',
        '-tls-auto-hosts=b',
        '-vault-cacert-file=/no/ca.crt',
      ],
      78,
      /^$/,
      /\/no\/ca\.crt: expected a file that can be read \(ENOENT\)/,
    ],
    [['check', '-vault-address=http://v'], 64, /^$/, /the first word is a namespace/],
    [
      ['check', 'apps', '-vault-address=http://v', '-tls-auto=a', '-tls-auto-hosts=b'],
      78,
      /^$/,
      /works in a cluster only/,
    ],
    [
      ['agent-inject', '-vault-address=http://v', '-tls-cert-file=/no', '-tls-key-file=/no'],
      78,
      /^$/,
      /tls_invalid/,
    ],
  ])(
    '%j ends with %d',
    async (args, code, out, err) => {
      const ended = await runToEnd(...args)
      expect(ended.out).toMatch(out)
      expect(ended.err).toMatch(err)
      expect(ended.code).toBe(code)
    },
    20_000,
  )
})
