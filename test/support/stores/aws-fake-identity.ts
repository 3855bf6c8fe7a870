/** The parts of the fake AWS that give out keys: STS and the agent of EKS Pod Identity, for tokens of a cluster that they trust. */
import { randomUUID } from 'node:crypto'
import { errors, generateKeyPair, jwtVerify, SignJWT } from 'jose'
import type { FakeKeys } from './aws-fake-signature.ts'

const testIssuer = 'https://oidc.eks.eu-west-1.amazonaws.com/id/TEST'
export const trustedSubject = 'system:serviceaccount:demo:app'

export type PublicKey = Awaited<ReturnType<typeof generateKeyPair>>['publicKey']

export interface FakeCluster {
  /** As the API server signs a projected token. `expiresAt` is milliseconds since the epoch. */
  readonly issue: (audience: string, subject: string, expiresAt: number) => Promise<string>
  readonly publicKey: PublicKey
  readonly issuer: string
}

export async function createFakeCluster(): Promise<FakeCluster> {
  const { privateKey, publicKey } = await generateKeyPair('RS256')
  return {
    publicKey,
    issuer: testIssuer,
    issue: (audience, subject, expiresAt) =>
      new SignJWT({})
        .setProtectedHeader({ alg: 'RS256' })
        .setIssuer(testIssuer)
        .setSubject(subject)
        .setAudience(audience)
        .setExpirationTime(Math.floor(expiresAt / 1000))
        .sign(privateKey),
  }
}

export interface IdentityOptions {
  readonly cluster: FakeCluster
  readonly keys: Map<string, FakeKeys>
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

export interface Plain {
  readonly status: number
  readonly body: string
}

const lifeMs = 3_600_000

/** `AssumeRoleWithWebIdentity`. Its trust: any role of the account, for `trustedSubject`. */
export async function assumeRole(form: string, options: IdentityOptions): Promise<Plain> {
  const given = new URLSearchParams(form)
  const version = given.get('Version')
  if (given.get('Action') !== 'AssumeRoleWithWebIdentity' || version !== '2011-06-15') {
    return refuse('InvalidAction', 400)
  }
  if (!/^arn:aws:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(given.get('RoleArn') ?? '')) {
    return refuse('ValidationError', 400)
  }
  if (!/^[\w+=,.@-]{2,64}$/.test(given.get('RoleSessionName') ?? '')) {
    return refuse('ValidationError', 400)
  }
  const token = given.get('WebIdentityToken') ?? ''
  const refused = await judge(token, 'sts.amazonaws.com', options)
  if (refused !== undefined) return refused
  const { accessKey, secretKey, sessionToken, expiresAt } = issueKeys(options)
  return {
    status: 200,
    body: `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>${accessKey}</AccessKeyId><SecretAccessKey>${secretKey}</SecretAccessKey><SessionToken>${sessionToken}</SessionToken><Expiration>${new Date(expiresAt ?? 0).toISOString()}</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`,
  }
}

/** `GET /v1/credentials` of the node's agent. */
export async function askPodIdentity(token: string, options: IdentityOptions): Promise<Plain> {
  const refused = await judge(token, 'pods.eks.amazonaws.com', options)
  if (refused === undefined) return answerKeys(options)
  const message =
    'Unauthorized Exception! EKS does not have permissions to assume the associated role.'
  const body = `[042d8e16-eb43-43e3-a069-08c51a744ef6]: (AccessDeniedException): ${message}, fault: client`
  return { status: 400, body }
}

/** The metadata service of an instance, version 2, whose role is `node`. `token` is that of the request. */
export function askInstance(path: string, token: unknown, options: IdentityOptions): Plain {
  if (path === '/latest/api/token') return { status: 200, body: 'metadata-token' }
  if (token !== 'metadata-token') return { status: 401, body: '' }
  const roles = '/latest/meta-data/iam/security-credentials/'
  if (path === roles) return { status: 200, body: 'node\n' }
  return path === `${roles}node` ? answerKeys(options) : { status: 404, body: '' }
}

/** As both kinds of agents write them. */
function answerKeys(options: IdentityOptions): Plain {
  const { accessKey, secretKey, sessionToken, expiresAt } = issueKeys(options)
  return {
    status: 200,
    body: JSON.stringify({
      AccessKeyId: accessKey,
      SecretAccessKey: secretKey,
      Token: sessionToken,
      Expiration: new Date(expiresAt ?? 0).toISOString(),
    }),
  }
}

async function judge(
  token: string,
  audience: string,
  { cluster, now }: IdentityOptions,
): Promise<Plain | undefined> {
  try {
    const { payload } = await jwtVerify(token, cluster.publicKey, {
      issuer: cluster.issuer,
      audience,
      currentDate: new Date(now()),
    })
    return payload.sub === trustedSubject ? undefined : refuse('AccessDenied', 403)
  } catch (thrown) {
    const isOver = thrown instanceof errors.JWTExpired
    return refuse(isOver ? 'ExpiredTokenException' : 'InvalidIdentityToken', 400)
  }
}

/** New ones each time. */
function issueKeys({ keys, now }: IdentityOptions): FakeKeys {
  const made: FakeKeys = {
    accessKey: `ASIA${randomUUID().replaceAll('-', '').slice(0, 16).toUpperCase()}`,
    secretKey: randomUUID(),
    sessionToken: `session//${randomUUID()}==`,
    expiresAt: now() + lifeMs,
  }
  keys.set(made.accessKey, made)
  return made
}

function refuse(code: string, status: number): Plain {
  const body = `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>token-text is not shown</Message></Error></ErrorResponse>`
  return { status, body }
}
