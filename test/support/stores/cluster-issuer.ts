/** A cluster's issuer of ServiceAccount tokens, and the check that clouds make of them. */
import { exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose'

export interface ClusterIssuer {
  readonly mint: (claims: ProjectedClaims) => Promise<string>
  /** The subject of a token that this issuer signed for the audience. Throws for any other. */
  readonly verify: (token: string, audience: string | readonly string[]) => Promise<string>
}

export interface ProjectedClaims {
  readonly audience: string
  readonly subject: string
  /** Default `https://cluster.example`. */
  readonly issuer?: string
  /** Seconds from now. Default 3600. */
  readonly lifetime?: number
}

const url = 'https://cluster.example'

export async function createClusterIssuer(): Promise<ClusterIssuer> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
  const { kid = 'cluster-1' } = await exportJWK(publicKey)
  return {
    mint: ({ audience, subject, issuer = url, lifetime = 3600 }) => {
      const now = Math.floor(Date.now() / 1000)
      return new SignJWT({})
        .setProtectedHeader({ alg: 'RS256', kid })
        .setIssuer(issuer)
        .setSubject(subject)
        .setAudience(audience)
        .setIssuedAt(now)
        .setExpirationTime(now + lifetime)
        .sign(privateKey)
    },
    verify: async (token, audience) => {
      const expected = { issuer: url, audience: [...[audience].flat()], algorithms: ['RS256'] }
      const { payload } = await jwtVerify(token, publicKey, expected)
      return payload.sub ?? ''
    },
  }
}

export const appSubject = 'system:serviceaccount:demo:app'
