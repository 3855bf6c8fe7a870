/** Entra ID and the metadata service of Azure's machines, as strict as they are. */
import { appSubject, type ClusterIssuer } from './cluster-issuer.ts'
import {
  type FakeAnswer,
  type FakeRequest,
  type FakeService,
  startFakeService,
  strangersIn,
  type TlsIdentity,
} from './fake-service.ts'
import { createIssuedTokens, type IssuedTokens } from './issued-tokens.ts'

export const tenant = '6a1f0d5e-1111-4222-8333-444455556666'
export const application = 'b2c7a0f4-7777-4888-9999-aaaabbbbcccc'
export const clientSecret = 'principal-secret'
export const exchangeAudience = 'api://AzureADTokenExchange'

export interface EntraFake extends FakeService {
  readonly tokens: IssuedTokens
  /** The resource that tokens are given for; whoever asks for another is refused. */
  readonly serve: (resource: string) => void
}

export async function startEntraFake(
  cluster: Pick<ClusterIssuer, 'verify'>,
  tls?: TlsIdentity,
): Promise<EntraFake> {
  const tokens = createIssuedTokens()
  let resource = ''
  const service: FakeService = await startFakeService(async (request) => {
    const { path } = request
    if (path === `/${tenant}/oauth2/v2.0/token`)
      return exchange(request, { cluster, tokens, resource })
    if (path === `/${tenant}/v2.0/.well-known/openid-configuration`)
      return describe(service.address)
    if (path === '/metadata/identity/oauth2/token') return askMachine(request, tokens, resource)
    return { status: 404, body: { error: 'invalid_request' } }
  }, tls)
  return {
    ...service,
    tokens,
    serve: (served) => {
      resource = served
    },
  }
}

/** Asked for by Microsoft's own client. */
function describe(address: string): FakeAnswer {
  const base = `${address}/${tenant}`
  return {
    status: 200,
    body: {
      issuer: `${base}/v2.0`,
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      token_endpoint: `${base}/oauth2/v2.0/token`,
      jwks_uri: `${base}/discovery/v2.0/keys`,
    },
  }
}

interface Exchange {
  readonly cluster: Pick<ClusterIssuer, 'verify'>
  readonly tokens: IssuedTokens
  readonly resource: string
}

/** What Microsoft's own client sends besides, for its statistics. */
const besides = ['client_info', 'claims', 'client-request-id']

/** Source: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow. */
async function exchange(
  request: FakeRequest,
  { cluster, tokens, resource }: Exchange,
): Promise<FakeAnswer> {
  const { method, headers, body } = request
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true
  if (method !== 'POST' || !isForm) return refuse('invalid_request')
  const form = new URLSearchParams(body)
  const known = ['grant_type', 'client_id', 'scope', 'client_secret', 'client_assertion']
  const names = [...form.keys()].filter((name) => !/^x-(?:client|app|ms)-/.test(name))
  if (strangersIn(names, [...known, 'client_assertion_type', ...besides]).length > 0) {
    return refuse('invalid_request')
  }
  if (form.get('grant_type') !== 'client_credentials') return refuse('unsupported_grant_type')
  if (form.get('client_id') !== application) return refuse('unauthorized_client')
  // Microsoft's client asks for the usual scopes of OpenID too.
  const scopes = (form.get('scope') ?? '').split(' ')
  if (!scopes.includes(`${resource}/.default`)) return refuse('invalid_scope')
  const isProven = form.has('client_secret')
    ? form.get('client_secret') === clientSecret
    : await isAsserted(form, cluster)
  return isProven ? grant(tokens, resource) : refuse('invalid_client')
}

async function isAsserted(
  form: URLSearchParams,
  cluster: Pick<ClusterIssuer, 'verify'>,
): Promise<boolean> {
  const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
  if (form.get('client_assertion_type') !== type) return false
  try {
    const subject = await cluster.verify(form.get('client_assertion') ?? '', exchangeAudience)
    return subject === appSubject
  } catch {
    return false
  }
}

/** Source: https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token. */
function askMachine(
  { headers, query }: FakeRequest,
  tokens: IssuedTokens,
  resource: string,
): FakeAnswer {
  const strangers = strangersIn(query.keys(), ['api-version', 'resource', 'client_id'])
  const isRight = headers['metadata'] === 'true' && query.get('api-version') === '2018-02-01'
  const isMine = [null, application].includes(query.get('client_id'))
  if (!isRight || !isMine || strangers.length > 0 || query.get('resource') !== resource) {
    return refuse('invalid_request')
  }
  const seconds = String(Math.floor(Date.now() / 1000) + 86_400)
  const token = tokens.issue(resource, 'machine')
  const body = { access_token: token, expires_in: '86400', expires_on: seconds, resource }
  return { status: 200, body: { ...body, token_type: 'Bearer' } }
}

function grant(tokens: IssuedTokens, resource: string): FakeAnswer {
  const body = { access_token: tokens.issue(resource, application), expires_in: 3599 }
  return { status: 200, body: { ...body, ext_expires_in: 3599, token_type: 'Bearer' } }
}

function refuse(error: string): FakeAnswer {
  return { status: 400, body: { error, error_description: 'AADSTS0: refused', error_codes: [0] } }
}
