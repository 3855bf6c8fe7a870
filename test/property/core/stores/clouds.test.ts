/** What the stores of Google and Azure make of any bytes. */
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { decodeValue, encodeValue } from '../../../../core/stores/azure/secret-value.ts'
import { crc32c } from '../../../../core/stores/gcp/crc32c.ts'
import { slowCrc32c } from '../../../support/stores/gcp-fake-secrets.ts'

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.string({ unit: 'binary' }).map((text) => Uint8Array.from(Buffer.from(text))),
)
const tags = fc.dictionary(fc.constantFrom('team', 'env', 'file-encoding'), fc.string())

describe('any bytes', () => {
  test('come back from Key Vault as they were, whatever tags were there before', () => {
    fc.assert(
      fc.property(bytes, tags, (content, before) => {
        const previous = { contentType: undefined, tags: new Map(Object.entries(before)) }
        const stored = encodeValue(content, new Map(), previous)
        expect(Buffer.from(decodeValue(stored)).equals(Buffer.from(content))).toBe(true)
        for (const name of ['team', 'env']) {
          expect(stored.tags.get(name)).toBe(previous.tags.get(name))
        }
      }),
    )
  })

  test('have the checksum that is computed bit by bit', () => {
    fc.assert(
      fc.property(bytes, (content) => {
        expect(crc32c(content)).toBe(slowCrc32c(content))
      }),
    )
  })
})
