import { gzipSync } from 'node:zlib'
import { expect, test } from '@jest/globals'
import { decodeConfig } from '../../../../agent/config/encoded-config.ts'

const encode = (bytes: Buffer) => bytes.toString('base64')

test('a configuration is taken plain and compressed', async () => {
  const json = '{"auto_auth":{"method":{"type":"kubernetes"}},"note":"ü"}'
  expect(await decodeConfig(encode(Buffer.from(json)))).toBe(json)
  expect(await decodeConfig(encode(gzipSync(json)))).toBe(json)
})

test.each([
  ['cut off', gzipSync('{"a":1}').subarray(0, 15)],
  ['unpacked larger than any annotations', gzipSync(Buffer.alloc(5 * 1024 * 1024))],
])('what is %s is refused', async (_, bytes) => {
  await expect(decodeConfig(encode(bytes))).rejects.toThrow('VAULT_CONFIG is compressed')
})
