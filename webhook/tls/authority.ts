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

/** What decides whether something is due. */
export interface Circumstances {
  /** Names and addresses that the leaf is for. */
  readonly hosts: readonly string[]
  /** Milliseconds since the epoch. */
  readonly now: number
  /** How long a new CA is only published before it signs, in milliseconds: by then every API server trusts it. */
  readonly settleMs: number
  /** For how long whoever calls the webhook is known to be told of the whole current bundle, in milliseconds. */
  readonly publishedMs: number
  /** Whether a new CA is wanted although none is due. */
  readonly rotate: boolean
}

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
const lifetimes = { ca: 365 * dayMs, leaf: 7 * dayMs } as const
/** Certificates begin this much in the past, for clients whose clock is behind. */
const skewMs = 5 * minuteMs

/**
 * The authority to use now: `current` itself when nothing is due. A CA is replaced after two thirds of its life or on demand,
 * in steps: the new one joins the bundle; once that is published and has settled, it signs a leaf; once the last leaf of the
 * old one must have expired, the old one leaves. A leaf is replaced after half of its life, at once when it is wrong or nearly over.
 */
export function renewAuthority(
  current: Authority | undefined,
  circumstances: Circumstances,
): Authority {
  const { hosts, now, rotate } = circumstances
  const parsed = current === undefined ? undefined : parseAuthority(current, now)
  if (current === undefined || parsed === undefined) return createAuthority(hosts, now)
  const { newest } = parsed
  const signer = { cert: newest.toString(), key: current.caKey }
  const leaf = isLeafDue(parsed, circumstances)
    ? createLeaf(signer, hosts, startValidity('leaf', now))
    : current.leaf
  if (rotate || measureAge(newest, now) > 2 / 3) {
    const ca = createCa(caName, startValidity('ca', now))
    return { bundle: joinBundle([ca.cert, ...parsed.cas.map(String)]), caKey: ca.key, leaf }
  }
  const bundle = joinBundle(keepNeeded(parsed, now).map(String))
  const same = leaf === current.leaf && bundle === current.bundle
  return same ? current : { ...current, bundle, leaf }
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

/** The CAs that some replica's leaf may still be of. */
function keepNeeded({ cas, newest, leaf }: ParsedAuthority, now: number) {
  const handedOver = leaf !== undefined && isIssuedBy(leaf, newest)
  const outlived = measureSince(newest, now) > lifetimes.leaf + dayMs
  return handedOver && outlived ? [newest] : cas
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
    const issued = cas.some((ca) => isIssuedBy(leaf, ca))
    return issued && leaf.checkPrivateKey(createPrivateKey(key)) ? leaf : undefined
  } catch {
    return undefined
  }
}

function isLeafDue(
  { leaf, newest }: ParsedAuthority,
  { hosts, now, settleMs, publishedMs }: Circumstances,
): boolean {
  if (leaf === undefined) return true
  const age = measureAge(leaf, now)
  const covered = hosts.every(
    (host) => (isIP(host) === 0 ? leaf.checkHost(host) : leaf.checkIP(host)) !== undefined,
  )
  if (!covered || age > 9 / 10) return true
  return publishedMs >= settleMs && (age > 1 / 2 || !isIssuedBy(leaf, newest))
}

function isIssuedBy(leaf: X509Certificate, ca: X509Certificate): boolean {
  return leaf.verify(ca.publicKey)
}

/** Milliseconds since it was made. */
function measureSince({ validFrom }: X509Certificate, now: number): number {
  return now - Date.parse(validFrom) - skewMs
}

/** The share of its life that a certificate has behind it. */
function measureAge({ validFrom, validTo }: X509Certificate, now: number): number {
  const from = Date.parse(validFrom)
  return (now - from) / (Date.parse(validTo) - from)
}

function joinBundle(pems: readonly string[]): string {
  return pems.map((pem) => `${pem.trim()}\n`).join('')
}
