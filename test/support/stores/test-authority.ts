/** An authority of our own, and a certificate of it for loopback. */
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { createCa, createLeaf } from '../../../webhook/tls/x509.ts'
import type { TlsIdentity } from './fake-service.ts'

export interface TestAuthority {
  /** PEM. */
  readonly ca: string
  readonly pair: TlsIdentity
}

export function createTestAuthority(): TestAuthority {
  const validity = { notBefore: Date.now() - 60_000, notAfter: Date.now() + 3_600_000 }
  const ca = createCa('Test CA', validity)
  return { ca: ca.cert, pair: createLeaf(ca, ['127.0.0.1'], validity) }
}

/** For clients that take no authority by their options; the answer undoes it. */
export function trustEverywhere({ ca }: TestAuthority): () => void {
  const before = getCACertificates('default')
  setDefaultCACertificates([...before, ca])
  return () => setDefaultCACertificates(before)
}
