/** Google's token exchange, IAM Credentials, OAuth and metadata service, as strict as they are. */
import { type CryptoKey, jwtVerify } from 'jose'
import type { ClusterIssuer } from './cluster-issuer.ts'
import { appSubject } from './cluster-issuer.ts'
import {
  bearerOf,
  type FakeAnswer,
  type FakeRequest,
  type FakeService,
  startFakeService,
  strangersIn,
  type TlsIdentity,
} from './fake-service.ts'
import { createIssuedTokens, type IssuedTokens } from './issued-tokens.ts'

export const provider =
  'projects/123456/locations/global/workloadIdentityPools/pool/providers/cluster'
export const googleScope = 'https://www.googleapis.com/auth/cloud-platform'
export const actedAs = 'app@demo-project.iam.gserviceaccount.com'
export const keyHolder = 'robot@demo-project.iam.gserviceaccount.com'
export const developer = {
  client_id: 'gcloud',
  client_secret: 'not-so-secret',
  refresh_token: 'refresh-1',
}

export interface GoogleIdentityFake extends FakeService {
  readonly tokens: IssuedTokens
  /** The holder of a token, one that a service account signed itself among them. */
  readonly holderOf: (token: string | undefined) => Promise<string | undefined>
  /** Of the account `keyHolder`. */
  readonly trustKey: (key: CryptoKey) => void
}

export async function startGoogleIdentityFake(
  cluster: Pick<ClusterIssuer, 'verify'>,
  tls?: TlsIdentity,
): Promise<GoogleIdentityFake> {
  const tokens = createIssuedTokens()
  let trusted: CryptoKey | undefined
  const holderOf = async (token: string | undefined) => {
    const holder = tokens.holderOf(token, googleScope)
    if (holder !== undefined || trusted === undefined || token === undefined) return holder
    return verifySelfSigned(token, trusted)
  }
  const routes: readonly (readonly [RegExp, (request: FakeRequest) => Promise<FakeAnswer>])[] = [
    [/^\/v1\/token$/, (request) => exchange(request, cluster, tokens)],
    [
      /^\/v1\/projects\/-\/serviceAccounts\/[^/]+:generateAccessToken$/,
      (request) => impersonate(request, tokens, holderOf),
    ],
    [/^\/token$/, (request) => refresh(request, tokens)],
    [/^\/computeMetadata\/v1\//, (request) => askMachine(request, tokens)],
  ]
  const service = await startFakeService(async (request) => {
    const [, answer] = routes.find(([pattern]) => pattern.test(request.path)) ?? []
    return answer === undefined ? { status: 404 } : answer(request)
  }, tls)
  return {
    ...service,
    tokens,
    holderOf,
    trustKey: (key) => {
      trusted = key
    },
  }
}

/** Source: https://google.aip.dev/auth/4111. */
async function verifySelfSigned(token: string, key: CryptoKey): Promise<string | undefined> {
  try {
    const { payload } = await jwtVerify(token, key, { issuer: keyHolder, subject: keyHolder })
    const life = (payload.exp ?? 0) - (payload.iat ?? 0)
    return payload['scope'] === googleScope && life > 0 && life <= 3600 ? keyHolder : undefined
  } catch {
    return undefined
  }
}

/** Source: https://cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token. */
async function exchange(
  request: FakeRequest,
  cluster: Pick<ClusterIssuer, 'verify'>,
  tokens: IssuedTokens,
): Promise<FakeAnswer> {
  const form = readForm(request)
  if (form === undefined) return refuse('invalid_request', 'not a form')
  const expected: Readonly<Record<string, string>> = {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    audience: `//iam.googleapis.com/${provider}`,
    scope: googleScope,
  }
  const strangers = strangersIn(form.keys(), [...Object.keys(expected), 'subject_token'])
  if (strangers.length > 0) return refuse('invalid_request', `unknown ${strangers}`)
  for (const [name, value] of Object.entries(expected)) {
    if (form.get(name) !== value) return refuse('invalid_request', `wrong ${name}`)
  }
  try {
    const audiences = [`//iam.googleapis.com/${provider}`, `https://iam.googleapis.com/${provider}`]
    const subject = await cluster.verify(form.get('subject_token') ?? '', audiences)
    if (subject !== appSubject) return refuse('unauthorized_client', 'the attribute condition')
    return grant(tokens.issue(googleScope, subject), {
      issued_token_type: expected['requested_token_type'],
    })
  } catch {
    return refuse('invalid_grant', 'the subject token')
  }
}

async function impersonate(
  request: FakeRequest,
  tokens: IssuedTokens,
  holderOf: GoogleIdentityFake['holderOf'],
): Promise<FakeAnswer> {
  const holder = await holderOf(bearerOf(request))
  const email = /serviceAccounts\/([^/]+):/.exec(request.path)?.[1]
  if (holder === undefined) return { status: 401, body: { error: { status: 'UNAUTHENTICATED' } } }
  const hasPayer = holder !== 'developer' || request.headers['x-goog-user-project'] !== undefined
  if (email !== actedAs || !hasPayer)
    return { status: 403, body: { error: { status: 'PERMISSION_DENIED' } } }
  const body: Readonly<Record<string, unknown>> = JSON.parse(request.body)
  const isScoped = JSON.stringify(body['scope']) === JSON.stringify([googleScope])
  if (!isScoped || strangersIn(Object.keys(body), ['scope', 'lifetime', 'delegates']).length > 0) {
    return { status: 400, body: { error: { status: 'INVALID_ARGUMENT' } } }
  }
  const expireTime = new Date(Date.now() + 3_600_000).toISOString()
  return { status: 200, body: { accessToken: tokens.issue(googleScope, actedAs), expireTime } }
}

async function refresh(request: FakeRequest, tokens: IssuedTokens): Promise<FakeAnswer> {
  const form = Object.fromEntries(readForm(request) ?? [])
  const expected = { grant_type: 'refresh_token', ...developer }
  const isRight = Object.entries(expected).every(([name, value]) => form[name] === value)
  return isRight ? grant(tokens.issue(googleScope, 'developer'), {}) : refuse('invalid_grant', '')
}

async function askMachine(
  { path, headers }: FakeRequest,
  tokens: IssuedTokens,
): Promise<FakeAnswer> {
  if (headers['metadata-flavor'] !== 'Google') return { status: 403, body: '' }
  switch (path.replace('/computeMetadata/v1/', '')) {
    case 'instance/service-accounts/default/token':
      return grant(tokens.issue(googleScope, 'machine'), {})
    case 'project/project-id':
      return { status: 200, body: 'demo-project\n' }
    default:
      return { status: 404, body: '' }
  }
}

function grant(token: string, more: object): FakeAnswer {
  const body = { access_token: token, expires_in: 3600, token_type: 'Bearer', ...more }
  return { status: 200, body }
}

function refuse(error: string, description: string): FakeAnswer {
  return { status: 400, body: { error, error_description: description } }
}

function readForm({ method, headers, body }: FakeRequest): URLSearchParams | undefined {
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true
  return method === 'POST' && isForm ? new URLSearchParams(body) : undefined
}
