import {
  createDecipheriv,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
} from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { SinkConfig, SinkEncryption } from '../../../../agent/config/sink-config.ts'
import { createSinkPreparer } from '../../../../agent/sinks/prepare-sink.ts'
import { probeSink } from '../../../../agent/sinks/probe-sink.ts'
import { parseJson } from '../../../../core/json.ts'
import { Secret } from '../../../../core/secret.ts'
import type { CallOptions, VaultClient } from '../../../../core/vault/client.ts'

let folder = ''
const path = (name: string) => join(folder, name)
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'claviger-sinks-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const reader = generateKeyPairSync('x25519')
const readerKey = Buffer.from(reader.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')
const token = new Secret('hvs.token')
const info = {
  token: 'hvs.wrapping',
  accessor: 'a',
  ttl: 300,
  creation_time: 't',
  creation_path: 'sys/wrapping/wrap',
  wrapped_accessor: '',
}

interface Call {
  readonly path: string
  readonly data: unknown
  readonly options: CallOptions
}

/** A store that wraps, or answers as it is told. */
function wrappingStore(answer: unknown = { wrap_info: info }) {
  const calls: Call[] = []
  const parsed = parseJson(JSON.stringify(answer))
  const client: VaultClient = {
    read: async () => new Map(),
    write: async (asked, data, options) => {
      calls.push({ path: asked, data: Object.fromEntries(data), options })
      return parsed instanceof Map ? parsed : new Map()
    },
  }
  return { client, calls }
}

function sink(changes: Partial<SinkConfig> = {}): SinkConfig {
  return {
    path: path('token'),
    mode: 0o640,
    uid: undefined,
    gid: undefined,
    wrapTtlMs: undefined,
    encryption: undefined,
    ...changes,
  }
}

function encryption(changes: Partial<SinkEncryption> = {}): SinkEncryption {
  return { publicKeyPath: path('dh'), deriveKey: false, aad: { text: '' }, ...changes }
}

function writeReaderKey(key: Uint8Array = readerKey): void {
  const text = { curve25519_public_key: Buffer.from(key).toString('base64') }
  writeFileSync(path('dh'), JSON.stringify(text))
}

/** As a reader does it that has Vault's description of the format and nothing of ours. */
function decrypt(text: string, derived: boolean, aad: string): string {
  const envelope: Record<string, string> = JSON.parse(text)
  const part = (name: string) => Buffer.from(envelope[name] ?? '', 'base64')
  const theirs = part('curve25519_public_key')
  const jwk = { kty: 'OKP', crv: 'X25519', x: theirs.toString('base64url') }
  const publicKey = createPublicKey({ key: jwk, format: 'jwk' })
  const secret = diffieHellman({ privateKey: reader.privateKey, publicKey })
  const [low, high] =
    Buffer.compare(theirs, readerKey) < 0 ? [theirs, readerKey] : [readerKey, theirs]
  const key = derived ? Buffer.from(hkdfSync('sha256', secret, low, high, 32)) : secret
  const payload = part('encrypted_payload')
  const decipher = createDecipheriv('aes-256-gcm', key, part('nonce'))
  decipher.setAAD(Buffer.from(aad)).setAuthTag(payload.subarray(-16))
  return `${decipher.update(payload.subarray(0, -16), undefined, 'utf8')}${decipher.final('utf8')}`
}

const prepare = async (config: SinkConfig, store = wrappingStore(), environment = {}) =>
  Buffer.from(
    await createSinkPreparer({ client: store.client, environment })(config, token),
  ).toString()

describe('what a sink holds', () => {
  test('is the token without a newline', async () => {
    const store = wrappingStore()
    expect(await prepare(sink(), store)).toBe('hvs.token')
    expect(store.calls).toEqual([])
  })

  test('is the wrapping information as Vault Agent writes it', async () => {
    const store = wrappingStore()
    const text = await prepare(sink({ wrapTtlMs: 300_000 }), store)
    expect(text).toBe(`${JSON.stringify(info)}\n`)
    expect(store.calls).toEqual([
      {
        path: 'sys/wrapping/wrap',
        data: { token: 'hvs.token' },
        options: { token, wrapTtlMs: 300_000 },
      },
    ])
  })

  test.each([[{}], [{ wrap_info: null }], [{ wrap_info: { ttl: 300 } }]])(
    'is never an answer that is not wrapped: %j',
    async (answer) => {
      const store = wrappingStore(answer)
      await expect(prepare(sink({ wrapTtlMs: 1000 }), store)).rejects.toMatchObject({
        code: 'store_answer_invalid',
        facts: { path: 'sys/wrapping/wrap' },
      })
    },
  )

  // Which of the two public keys is the lesser one is chance: each is the salt in half of the runs.
  test.each(Array.from({ length: 8 }, (_, run) => [run]))(
    'is encrypted for the reader, run %p',
    async () => {
      writeReaderKey()
      const plain = await prepare(sink({ encryption: encryption() }))
      expect(decrypt(plain, false, '')).toBe('hvs.token')
      const derived = encryption({ deriveKey: true, aad: { text: 'x' } })
      const text = await prepare(sink({ encryption: derived }))
      expect(decrypt(text, true, 'x')).toBe('hvs.token')
      expect(() => decrypt(text, true, 'y')).toThrow()
      expect(text).toMatch(
        /^\{"curve25519_public_key":"[\w+/]{43}=","nonce":"[\w+/]{16}","encrypted_payload":"[\w+/=]+"\}\n$/,
      )
    },
  )

  test.each([
    [{ AAD: 'from there' }, 'from there'],
    [{}, ''],
  ])('may be bound to data from the environment %j', async (environment, aad) => {
    writeReaderKey()
    const config = sink({ encryption: encryption({ aad: { variable: 'AAD' } }) })
    expect(decrypt(await prepare(config, wrappingStore(), environment), false, aad)).toBe(
      'hvs.token',
    )
  })

  test('is wrapped first and encrypted second', async () => {
    writeReaderKey()
    const text = await prepare(sink({ wrapTtlMs: 300_000, encryption: encryption() }))
    expect(JSON.parse(decrypt(text, false, ''))).toEqual(info)
  })

  test('needs the public key once', async () => {
    writeReaderKey()
    const preparer = createSinkPreparer({ client: wrappingStore().client, environment: {} })
    const config = sink({ encryption: encryption() })
    await preparer(config, token)
    rmSync(path('dh'))
    expect(decrypt(Buffer.from(await preparer(config, token)).toString(), false, '')).toBe(
      'hvs.token',
    )
  })

  test.each([
    ['is missing', undefined],
    ['is no JSON', 'hidden'],
    ['is another JSON', '{"key": "hidden"}'],
    ['is too short', JSON.stringify({ curve25519_public_key: 'aGlkZGVu' })],
  ])('waits for a public key that %s', async (_, text) => {
    if (text !== undefined) writeFileSync(path('dh'), text)
    const failure = await prepare(sink({ encryption: encryption() })).catch((thrown) => thrown)
    expect(failure).toMatchObject({ code: 'input_invalid', facts: { path: path('dh') } })
    expect(failure.message).not.toContain('hidden')
  })
})

describe('probeSink', () => {
  test('leaves nothing behind, least of all a sink', () => {
    probeSink(sink())
    expect(readdirSync(folder)).toEqual([])
  })

  test.each(['missing', 'file'])('refuses a directory that is %s', (name) => {
    writeFileSync(path('file'), 'x')
    const unwritable = path(`${name}/token`)
    expect(() => probeSink(sink({ path: unwritable }))).toThrow(
      expect.objectContaining({
        code: 'write_failed',
        facts: expect.objectContaining({ path: unwritable }),
      }),
    )
  })

  test('has nothing against a sink that is there', () => {
    mkdirSync(path('directory'))
    writeFileSync(path('directory/token'), 'old')
    probeSink(sink({ path: path('directory/token') }))
    expect(readdirSync(path('directory'))).toEqual(['token'])
  })
})
