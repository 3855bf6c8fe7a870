/** The TLS settings of the server under their stock names. */
import type { SecureVersion } from 'node:tls'

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

/**
 * Go's constant → OpenSSL's name; undefined for what OpenSSL no longer has. Source: go-secure-stdlib/tlsutil, which vault-k8s asks.
 * Those of TLS 1.3 cannot be chosen, in Go as little as here.
 */
const cipherSuites: ReadonlyMap<string, string | undefined> = new Map([
  ['TLS_RSA_WITH_RC4_128_SHA', undefined],
  ['TLS_RSA_WITH_3DES_EDE_CBC_SHA', undefined],
  ['TLS_RSA_WITH_AES_128_CBC_SHA', 'AES128-SHA'],
  ['TLS_RSA_WITH_AES_256_CBC_SHA', 'AES256-SHA'],
  ['TLS_RSA_WITH_AES_128_CBC_SHA256', 'AES128-SHA256'],
  ['TLS_RSA_WITH_AES_128_GCM_SHA256', 'AES128-GCM-SHA256'],
  ['TLS_RSA_WITH_AES_256_GCM_SHA384', 'AES256-GCM-SHA384'],
  ['TLS_ECDHE_ECDSA_WITH_RC4_128_SHA', undefined],
  ['TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA', 'ECDHE-ECDSA-AES128-SHA'],
  ['TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA', 'ECDHE-ECDSA-AES256-SHA'],
  ['TLS_ECDHE_RSA_WITH_RC4_128_SHA', undefined],
  ['TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA', undefined],
  ['TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA', 'ECDHE-RSA-AES128-SHA'],
  ['TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA', 'ECDHE-RSA-AES256-SHA'],
  ['TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256', 'ECDHE-ECDSA-AES128-SHA256'],
  ['TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256', 'ECDHE-RSA-AES128-SHA256'],
  ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'ECDHE-RSA-AES128-GCM-SHA256'],
  ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 'ECDHE-ECDSA-AES128-GCM-SHA256'],
  ['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', 'ECDHE-RSA-AES256-GCM-SHA384'],
  ['TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', 'ECDHE-ECDSA-AES256-GCM-SHA384'],
  ['TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305', 'ECDHE-RSA-CHACHA20-POLY1305'],
  ['TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256', 'ECDHE-RSA-CHACHA20-POLY1305'],
  ['TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305', 'ECDHE-ECDSA-CHACHA20-POLY1305'],
  ['TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256', 'ECDHE-ECDSA-CHACHA20-POLY1305'],
  ['TLS_AES_128_GCM_SHA256', undefined],
  ['TLS_AES_256_GCM_SHA384', undefined],
  ['TLS_CHACHA20_POLY1305_SHA256', undefined],
])

export const cipherSuiteNames: readonly string[] = [...cipherSuites.keys()]

/** One of these must be in a list, or HTTP/2 clients of TLS 1.2 could not be served. Source: Go, http2.ConfigureServer. */
export const http2Suites: readonly string[] = [
  'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
]

/** TLS 1.3 keeps its three suites whatever the list says. */
const tls13Suites = 'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256'

/** `suites` are known names; empty for the defaults. */
export function buildTlsSettings(version: TlsVersion, suites: readonly string[]): TlsSettings {
  const names = suites.flatMap((name) => cipherSuites.get(name) ?? [])
  const isOld = version === 'tls10' || version === 'tls11'
  const chosen = suites.length === 0 ? [] : [tls13Suites, ...names]
  // OpenSSL 3 has no digest for TLS before 1.2 that its usual security level allows.
  const ciphers = isOld ? [...(chosen.length === 0 ? ['DEFAULT'] : chosen), '@SECLEVEL=0'] : chosen
  return {
    minVersion: tlsVersions[version],
    ciphers: ciphers.length === 0 ? undefined : ciphers.join(':').replace(':@', '@'),
  }
}
