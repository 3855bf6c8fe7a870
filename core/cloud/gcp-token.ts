/** Access tokens of Google: of a federated pod, of credentials in a file, or of the machine; as themselves or as a service account. */
import { readCredential } from '../credential-file.ts'
import type { JsonObject, JsonValue } from '../json.ts'
import { Secret } from '../secret.ts'
import { audienceOf } from '../stores/settings/workload-provider.ts'
import { parseObject, requireMember, textMember } from './answer.ts'
import { formType, unavailable } from './ask.ts'
import type { CloudPorts } from './cloud-ports.ts'
import { type CloudToken, expiryOf } from './cloud-token.ts'
import { findCredentials } from './gcp-account.ts'
import { exchangeFederated } from './gcp-federation.ts'
import { googleScope, impersonate, impersonationUrl, quotaHeader } from './gcp-impersonation.ts'
import { askGoogleMetadata } from './gcp-metadata.ts'
import { oauthReason } from './oauth-reason.ts'

export interface GoogleClient {
  /** Undefined: a federated pod where `federation` is set, then credentials where there are any, then the machine. */
  readonly kind: 'federation' | 'credentials' | 'metadata' | undefined
  readonly federation: Federation | undefined
  /** Email of the account to act as; undefined: itself. */
  readonly serviceAccount: string | undefined
  /** Of IAM Credentials, where it is not Google's own. */
  readonly iamAddress: string | undefined
}

export interface Federation {
  /** `projects/N/locations/global/workloadIdentityPools/P/providers/R`. */
  readonly provider: string
  /** File of the projected token. */
  readonly tokenPath: string
  /** Default Google's own. */
  readonly stsAddress: string | undefined
}

const source = 'Google credentials'
const hourMs = 3_600_000

/** Errors: `credentials_unavailable`. */
export async function fetchGoogleToken(
  client: GoogleClient,
  ports: CloudPorts,
): Promise<CloudToken> {
  const own = await fetchOwnToken(client, ports)
  const { serviceAccount, iamAddress } = client
  if (serviceAccount === undefined || serviceAccount === own.email) return own
  const url = impersonationUrl(serviceAccount, ports, iamAddress)
  return impersonate(url, own.token, ports, quotaHeader(own.quotaProject))
}

/**
 * The project that pays for what a developer asks for: Google refuses their requests without one. Undefined: the account's own.
 * Source: Google's own libraries. Errors: `credentials_unavailable`.
 */
export function findQuotaProject(
  client: GoogleClient,
  { environment }: Pick<CloudPorts, 'environment'>,
): string | undefined {
  const given = environment['GOOGLE_CLOUD_QUOTA_PROJECT'] || undefined
  if (given !== undefined || client.serviceAccount !== undefined) return given
  const credentials = mayBeOfFile(client) ? readFile({ environment }) : undefined
  return credentials && textMember(credentials, 'quota_project_id')
}

function mayBeOfFile({ kind, federation }: GoogleClient): boolean {
  return kind === 'credentials' || (kind === undefined && federation === undefined)
}

function readFile(ports: Pick<CloudPorts, 'environment'>): JsonObject | undefined {
  return findCredentials({ credentials: undefined }, ports) ?? readDeveloper(ports.environment)
}

interface OwnToken extends CloudToken {
  /** Of the account that it is for, where that is known without asking. */
  readonly email?: string
  readonly quotaProject?: string | undefined
}

async function fetchOwnToken(client: GoogleClient, ports: CloudPorts): Promise<OwnToken> {
  const { kind, federation, serviceAccount } = client
  if (kind === 'metadata') return askMachine(ports)
  if (kind !== 'credentials' && federation !== undefined) {
    return exchangeFederated(describeFederation(federation), ports)
  }
  const credentials = readFile(ports)
  if (credentials !== undefined) return useCredentials(credentials, ports, serviceAccount)
  if (kind === undefined) return askMachine(ports)
  throw unavailable({ source, reason: 'GOOGLE_APPLICATION_CREDENTIALS is not set' })
}

function describeFederation({ provider, tokenPath, stsAddress }: Federation): JsonObject {
  const base = (stsAddress ?? 'https://sts.googleapis.com').replace(/\/+$/, '')
  return new Map<string, JsonValue>([
    ['audience', audienceOf(provider)],
    ['subject_token_type', 'urn:ietf:params:oauth:token-type:jwt'],
    ['token_url', `${base}/v1/token`],
    ['credential_source', new Map([['file', tokenPath]])],
  ])
}

async function useCredentials(
  credentials: JsonObject,
  ports: CloudPorts,
  serviceAccount: string | undefined,
): Promise<OwnToken> {
  switch (textMember(credentials, 'type')) {
    case 'service_account':
      return signToken(credentials, ports)
    case 'external_account':
      return exchangeFederated(actAs(credentials, serviceAccount), ports)
    case 'authorized_user':
      return refreshToken(credentials, ports)
    default:
      throw unavailable({
        source,
        reason: 'none of service_account, external_account, authorized_user',
      })
  }
}

/** Whoever is to be acted as is asked for later, and the account in the credentials not at all. */
function actAs(credentials: JsonObject, serviceAccount: string | undefined): JsonObject {
  if (serviceAccount === undefined) return credentials
  return new Map([...credentials].filter(([name]) => name !== 'service_account_impersonation_url'))
}

/** What the key of an account signs is a token by itself. Source: https://google.aip.dev/auth/4111. */
async function signToken(credentials: JsonObject, { now }: CloudPorts): Promise<OwnToken> {
  const email = requireMember(credentials, 'client_email', source)
  const { createSigner } = await import('./gcp-key.ts')
  const sign = createSigner({
    pem: requireMember(credentials, 'private_key', source),
    keyId: textMember(credentials, 'private_key_id'),
  })
  const issued = Math.floor(now() / 1000)
  const claims = { iss: email, sub: email, scope: googleScope, iat: issued, exp: issued + 3600 }
  return { token: new Secret(await sign(claims)), expiresAt: issued * 1000 + hourMs, email }
}

/** Of a developer who logged in with gcloud. */
async function refreshToken(credentials: JsonObject, { ask, now }: CloudPorts): Promise<OwnToken> {
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: requireMember(credentials, 'client_id', source),
    client_secret: requireMember(credentials, 'client_secret', source),
    refresh_token: requireMember(credentials, 'refresh_token', source),
  })
  const url = textMember(credentials, 'token_uri') ?? 'https://oauth2.googleapis.com/token'
  const text = await ask({
    method: 'POST',
    url,
    headers: formType,
    body: form.toString(),
    reasonOf: oauthReason,
  })
  const quotaProject = textMember(credentials, 'quota_project_id')
  return { ...readToken(text, url, now()), quotaProject }
}

/** Where `gcloud auth application-default login` leaves them. */
function readDeveloper(environment: CloudPorts['environment']): JsonObject | undefined {
  const { CLOUDSDK_CONFIG: folder = '', HOME: home = '' } = environment
  const place = folder || (home === '' ? '' : `${home}/.config/gcloud`)
  if (place === '') return undefined
  const text = readCredential(`${place}/application_default_credentials.json`)
  return text === undefined ? undefined : parseObject(text, source)
}

async function askMachine(ports: CloudPorts): Promise<CloudToken> {
  return readToken(await askGoogleMetadata(ports, 'default/token'), 'metadata service', ports.now())
}

function readToken(text: string, from: string, now: number): CloudToken {
  const answer = parseObject(text, from)
  return {
    token: new Secret(requireMember(answer, 'access_token', from)),
    expiresAt: expiryOf(answer, now),
  }
}
