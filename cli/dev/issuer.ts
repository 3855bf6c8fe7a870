/** The development issuer: mints tokens shaped like projected ServiceAccount tokens, signed with a key of its own. */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { join } from 'node:path'
import { calculateJwkThumbprint, SignJWT } from 'jose'
import type { Clock } from '../../core/clock.ts'
import { AppError } from '../../core/errors.ts'
import { Secret } from '../../core/secret.ts'
import { readText, writeText } from './directory.ts'
import { randomText } from './tokens.ts'

/** The `iss` of a cluster made by kubeadm. */
export const issuerName = 'https://kubernetes.default.svc.cluster.local'

export interface MintRequest {
  readonly namespace: string
  readonly serviceAccount: string
  /** The issuer's own name unless given, as the API server does it. */
  readonly audience?: string
  /** Seconds. */
  readonly ttl: number
}

export interface Issuer {
  readonly name: string
  /** SPKI in PEM, as `jwt_validation_pubkeys` wants it. */
  readonly publicKey: string
  readonly mint: (request: MintRequest) => Promise<Secret>
}

/** The issuer whose key is `issuer-key.pem` (mode 0600) in `directory`, made when missing. Errors: `input_invalid`, `write_failed`. */
export async function openIssuer(directory: string, clock: Clock): Promise<Issuer> {
  const file = join(directory, 'issuer-key.pem')
  const privateKey = readKey(file, readText(file) ?? makeKey(file))
  const publicKey = createPublicKey(privateKey)
  const jwk = publicKey.export({ format: 'jwk' })
  const keyId = await calculateJwkThumbprint({ ...jwk, kty: 'EC' })
  return {
    name: issuerName,
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    mint: async (request) => {
      const now = Math.floor(clock.now() / 1000)
      const jwt = new SignJWT(claims(request))
        .setProtectedHeader({ alg: 'ES256', kid: keyId })
        .setIssuer(issuerName)
        .setSubject(`system:serviceaccount:${request.namespace}:${request.serviceAccount}`)
        .setAudience([request.audience ?? issuerName])
        .setIssuedAt(now)
        .setNotBefore(now)
        .setExpirationTime(now + request.ttl)
        .setJti(randomText(16))
      return new Secret(await jwt.sign(privateKey))
    },
  }
}

/** Source: https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#bound-service-account-tokens */
function claims({ namespace, serviceAccount }: MintRequest) {
  const uid = uidOf(`${namespace}/${serviceAccount}`)
  return { 'kubernetes.io': { namespace, serviceaccount: { name: serviceAccount, uid } } }
}

/** Stable, because Vault binds an identity to it. */
function uidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex')
  return [
    [0, 8],
    [8, 12],
    [12, 16],
    [16, 20],
    [20, 32],
  ]
    .map(([from, to]) => hex.slice(from, to))
    .join('-')
}

function makeKey(file: string): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  writeText(file, pem)
  return pem
}

function readKey(path: string, pem: string) {
  try {
    return createPrivateKey(pem)
  } catch {
    throw new AppError('input_invalid', { path, reason: 'not a private key in PEM' })
  }
}
