/** The TLS settings of the server under their stock names. */
import type { SecureVersion } from 'node:tls'
import { cipherSuites, tls13Suites } from '../../core/cipher-suites.ts'

/** As Node.js takes them. */
export interface TlsSettings {
  readonly minVersion: SecureVersion
  /** Undefined for the defaults. */
  readonly ciphers: string | undefined
}

/** Stock name → Node's. */
export const tlsVersions = {
  tls10: 'TLSv1',
  tls11: 'TLSv1.1',
  tls12: 'TLSv1.2',
  tls13: 'TLSv1.3',
} as const satisfies Record<string, SecureVersion>

export type TlsVersion = keyof typeof tlsVersions

/** Known to Go and not to be chosen here: OpenSSL no longer has them, or they are TLS 1.3's, which cannot be chosen in Go either. */
const unchosen = [
  'TLS_RSA_WITH_RC4_128_SHA',
  'TLS_RSA_WITH_3DES_EDE_CBC_SHA',
  'TLS_ECDHE_ECDSA_WITH_RC4_128_SHA',
  'TLS_ECDHE_RSA_WITH_RC4_128_SHA',
  'TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA',
  ...tls13Suites,
]

/** Source: go-secure-stdlib/tlsutil, which vault-k8s asks. */
export const cipherSuiteNames: readonly string[] = [...cipherSuites.keys(), ...unchosen]

/** One of these must be in a list, or HTTP/2 clients of TLS 1.2 could not be served. Source: Go, http2.ConfigureServer. */
export const http2Suites: readonly string[] = [
  'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
]

/** `suites` are known names; empty for the defaults. */
export function buildTlsSettings(version: TlsVersion, suites: readonly string[]): TlsSettings {
  const names = suites.flatMap((name) => cipherSuites.get(name) ?? [])
  const isOld = version === 'tls10' || version === 'tls11'
  // TLS 1.3 keeps its three suites whatever the list says.
  const chosen = suites.length === 0 ? [] : [...tls13Suites, ...names]
  // OpenSSL 3 has no digest for TLS before 1.2 that its usual security level allows.
  const ciphers = isOld ? [...(chosen.length === 0 ? ['DEFAULT'] : chosen), '@SECLEVEL=0'] : chosen
  return {
    minVersion: tlsVersions[version],
    ciphers: ciphers.length === 0 ? undefined : ciphers.join(':').replace(':@', '@'),
  }
}
