import { describe, expect, test } from '@jest/globals'
import { crc32c } from '../../../../../core/stores/gcp/crc32c.ts'

/** Source: RFC 3720, appendix B.4, and the check value of the catalogue of parametrised CRC algorithms. */
const vectors: readonly (readonly [string, Uint8Array, number])[] = [
  ['nothing', new Uint8Array(), 0],
  ['32 bytes of zeroes', new Uint8Array(32), 0x8a9136aa],
  ['32 bytes of ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
  ['32 bytes that rise', Uint8Array.from({ length: 32 }, (_, index) => index), 0x46dd794e],
  ['32 bytes that fall', Uint8Array.from({ length: 32 }, (_, index) => 31 - index), 0x113fdb5c],
  ['the digits 1 to 9', Buffer.from('123456789'), 0xe3069283],
]

describe('crc32c', () => {
  test.each(vectors)('of %s', (_, bytes, sum) => {
    expect(crc32c(bytes)).toBe(sum)
  })
})
