/** When the CA and the serving certificate are renewed, as a function of what there is and of the time. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import type { KeyPair } from './source.ts'
import { createCa, createLeaf } from './x509.ts'

/** What all replicas share. */
export interface Authority {
  /** PEM; the newest CA first, then older ones that have not expired. It is what clients must trust. */
  readonly bundle: string
  /** PEM key of the newest CA. */
  readonly caKey: string
  readonly leaf: KeyPair
}

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
const lifetimes = { ca: 365 * dayMs, leaf: 7 * dayMs } as const
/** Certificates begin this much in the past, for clients whose clock is behind. */
const skewMs = 5 * minuteMs
/** How long a new CA is only published before it signs: by then every API server trusts it. */
const settleMs = 60 * minuteMs

/**
 * The authority to use at `now` (milliseconds since the epoch): `current` itself when nothing is due. A CA is replaced after
 * two thirds of its life, a leaf after half of its own; a leaf that is wrong or nearly over is replaced at once.
 */
export function renewAuthority(
  current: Authority | undefined,
  hosts: readonly string[],
  now: number,
): Authority {
  const parsed = current === undefined ? undefined : parseAuthority(current, now)
  if (current === undefined || parsed === undefined) return createAuthority(hosts, now)
  const { cas, newest } = parsed
  if (measureAge(newest, now) > 2 / 3) {
    const ca = createCa(caName, startValidity('ca', now))
    return { ...current, bundle: joinBundle([ca.cert, ...cas.map(String)]), caKey: ca.key }
  }
  const bundle = joinBundle(cas.map(String))
  const settled = now - Date.parse(newest.validFrom) - skewMs >= settleMs
  if (isLeafDue(parsed, hosts, { now, settled })) {
    const ca = { cert: newest.toString(), key: current.caKey }
    return { ...current, bundle, leaf: createLeaf(ca, hosts, startValidity('leaf', now)) }
  }
  return bundle === current.bundle ? current : { ...current, bundle }
}

const caName = 'Claviger webhook CA'

function createAuthority(hosts: readonly string[], now: number): Authority {
  const ca = createCa(caName, startValidity('ca', now))
  return {
    bundle: ca.cert,
    caKey: ca.key,
    leaf: createLeaf(ca, hosts, startValidity('leaf', now)),
  }
}

function startValidity(kind: keyof typeof lifetimes, now: number) {
  return { notBefore: now - skewMs, notAfter: now + lifetimes[kind] }
}

interface ParsedAuthority {
  /** The newest first, none expired. */
  readonly cas: readonly X509Certificate[]
  readonly newest: X509Certificate
  /** Undefined when it is none, not ours, or not of its key. */
  readonly leaf: X509Certificate | undefined
}

/** Undefined when no CA with its key can be found: only a new one helps then. */
function parseAuthority(
  { bundle, caKey, leaf }: Authority,
  now: number,
): ParsedAuthority | undefined {
  try {
    const pems = bundle.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
    const cas = pems
      .map((pem) => new X509Certificate(pem))
      .filter((ca) => Date.parse(ca.validTo) > now)
    const [newest] = cas
    if (newest?.checkPrivateKey(createPrivateKey(caKey)) !== true) return undefined
    return { cas, newest, leaf: parseLeaf(leaf, cas) }
  } catch {
    return undefined
  }
}

function parseLeaf(
  { cert, key }: KeyPair,
  cas: readonly X509Certificate[],
): X509Certificate | undefined {
  try {
    const leaf = new X509Certificate(cert)
    const issued = cas.some((ca) => leaf.verify(ca.publicKey))
    return issued && leaf.checkPrivateKey(createPrivateKey(key)) ? leaf : undefined
  } catch {
    return undefined
  }
}

function isLeafDue(
  { leaf }: ParsedAuthority,
  hosts: readonly string[],
  { now, settled }: { readonly now: number; readonly settled: boolean },
): boolean {
  if (leaf === undefined) return true
  const age = measureAge(leaf, now)
  const covered = hosts.every(
    (host) => (isIP(host) === 0 ? leaf.checkHost(host) : leaf.checkIP(host)) !== undefined,
  )
  return !covered || age > 9 / 10 || (age > 1 / 2 && settled)
}

/** The share of its life that a certificate has behind it. */
function measureAge({ validFrom, validTo }: X509Certificate, now: number): number {
  const from = Date.parse(validFrom)
  return (now - from) / (Date.parse(validTo) - from)
}

function joinBundle(pems: readonly string[]): string {
  return pems.map((pem) => `${pem.trim()}\n`).join('')
}
