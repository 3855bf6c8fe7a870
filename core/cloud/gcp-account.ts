/** Which service account the agent is, and what signs for it. */
import { readFileSync } from 'node:fs'
import { toAppError } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import type { Secret } from '../secret.ts'
import { parseObject, requireMember, textMember } from './answer.ts'
import { unavailable } from './ask.ts'
import type { Claims, CloudPorts } from './cloud-ports.ts'
import { exchangeFederated } from './gcp-federation.ts'
import { askGoogleMetadata } from './gcp-metadata.ts'

export interface GoogleIdentity {
  /** JSON of Google's own, or the path of a file with it; undefined: those of the environment or of the machine. */
  readonly credentials: Secret | undefined
  /** Email of the account to act as; undefined: the one that the credentials are of. */
  readonly serviceAccount: string | undefined
}

export interface Account {
  /** Its email. */
  readonly subject: string
  readonly signer:
    | { readonly kind: 'key'; readonly sign: (claims: Claims) => Promise<string> }
    | { readonly kind: 'google'; readonly accessToken: string }
}

const source = 'Google credentials'

/** Errors: `credentials_unavailable`. Source: Google's application default credentials. */
export async function findAccount(config: GoogleIdentity, ports: CloudPorts): Promise<Account> {
  const credentials = findCredentials(config, ports)
  if (credentials === undefined) return machineAccount(config, ports)
  const type = textMember(credentials, 'type')
  if (type === 'service_account') return keyAccount(config, ports, credentials)
  if (type === 'external_account') return federatedAccount(config, ports, credentials)
  throw unavailable({ source, reason: 'neither service_account nor external_account' })
}

/** Those of the configuration or of the environment; undefined where there are none. Errors: `credentials_unavailable`. */
export function findCredentials(
  identity: Pick<GoogleIdentity, 'credentials'>,
  ports: Pick<CloudPorts, 'environment'>,
): JsonObject | undefined {
  const text = findText(identity, ports)
  return text === undefined ? undefined : parseObject(text, source)
}

/** JSON, or a path of JSON. */
function findText(
  { credentials }: Pick<GoogleIdentity, 'credentials'>,
  { environment }: Pick<CloudPorts, 'environment'>,
): string | undefined {
  const given =
    credentials?.reveal() ||
    environment['GOOGLE_CREDENTIALS'] ||
    environment['GOOGLE_APPLICATION_CREDENTIALS']
  if (given === undefined || given === '') return undefined
  if (given.trimStart().startsWith('{')) return given
  try {
    return readFileSync(given, 'utf8')
  } catch (thrown) {
    throw toAppError(thrown, 'credentials_unavailable', { source })
  }
}

async function machineAccount(
  { serviceAccount }: GoogleIdentity,
  ports: CloudPorts,
): Promise<Account> {
  const answer = await askGoogleMetadata(ports, 'default/token')
  const name = 'metadata service'
  return {
    subject: serviceAccount ?? (await askGoogleMetadata(ports, 'default/email')).trim(),
    signer: {
      kind: 'google',
      accessToken: requireMember(parseObject(answer, name), 'access_token', name),
    },
  }
}

/** A key signs for its own account; for another one it only proves who asks Google to. */
async function keyAccount(
  { serviceAccount }: GoogleIdentity,
  { now }: CloudPorts,
  credentials: JsonObject,
): Promise<Account> {
  const email = requireMember(credentials, 'client_email', source)
  const { createSigner } = await import('./gcp-key.ts')
  const sign = createSigner({
    pem: requireMember(credentials, 'private_key', source),
    keyId: textMember(credentials, 'private_key_id'),
  })
  if (serviceAccount === undefined || serviceAccount === email) {
    return { subject: email, signer: { kind: 'key', sign } }
  }
  const issued = Math.floor(now() / 1000)
  const accessToken = await sign({
    iss: email,
    sub: email,
    aud: 'https://iamcredentials.googleapis.com/',
    iat: issued,
    exp: issued + 3600,
  })
  return { subject: serviceAccount, signer: { kind: 'google', accessToken } }
}

async function federatedAccount(
  { serviceAccount }: GoogleIdentity,
  ports: CloudPorts,
  credentials: JsonObject,
): Promise<Account> {
  const { token, impersonated } = await exchangeFederated(credentials, ports)
  const subject = serviceAccount ?? impersonated
  if (subject === undefined)
    throw unavailable({ source, reason: 'no service_account to log in as' })
  return { subject, signer: { kind: 'google', accessToken: token.reveal() } }
}
