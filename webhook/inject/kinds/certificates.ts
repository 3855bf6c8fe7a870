/** The kind of value that is a bundle of certificates. */
import type { ValueKind } from './value-kinds.ts'

const pem = /^\s*-----BEGIN CERTIFICATE-----\s/

/** PEM, or base64 of PEM; the value is PEM, or empty for none. */
export const certificates: ValueKind<string> = {
  expected: 'PEM certificates, or base64 of them',
  parse: (value) => {
    if (value === '' || pem.test(value)) return value
    const decoded = Buffer.from(value, 'base64').toString()
    return pem.test(decoded) ? decoded : undefined
  },
  shown: false,
}
