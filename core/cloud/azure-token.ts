/** Tokens of Entra ID: of a service principal, of a federated pod, or of the machine. */
import { requireTrimmed } from '../credential-file.ts'
import type { JsonObject } from '../json.ts'
import { Secret } from '../secret.ts'
import { parseObject, requireMember } from './answer.ts'
import { formType, unavailable } from './ask.ts'
import { askAzureMetadata } from './azure-metadata.ts'
import type { CloudPorts } from './cloud-ports.ts'
import { type CloudToken, expiryOf } from './cloud-token.ts'
import { oauthReason } from './oauth-reason.ts'

export interface AzureIdentity {
  readonly resource: string
  /** Which of the machine's identities; at most one of the two. */
  readonly objectId: string | undefined
  readonly clientId: string | undefined
  /** `<resource>/.default` as a rule. */
  readonly scope: string
  /** The identity of the pod or of a service principal, by its `AZURE_*` variables, where they are set. */
  readonly fromEnvironment: boolean
}

export interface AzureToken {
  readonly token: string
  /** Whether the machine's metadata service gave it. */
  readonly isMachine: boolean
}

/** Errors: `credentials_unavailable`. */
export async function fetchAzureToken(
  identity: AzureIdentity,
  ports: CloudPorts,
): Promise<AzureToken> {
  const { environment } = ports
  const { scope, clientId, fromEnvironment, objectId, resource } = identity
  const proof = fromEnvironment ? findProof(environment) : undefined
  if (proof !== undefined) {
    const tenantId = requireVariable(environment, 'AZURE_TENANT_ID')
    const client = {
      tenantId,
      clientId: clientId ?? requireVariable(environment, 'AZURE_CLIENT_ID'),
      authority: environment['AZURE_AUTHORITY_HOST'] || publicAuthority,
    }
    const { token } = await exchangeProof({ ...client, proof, scope }, ports)
    return { token: token.reveal(), isMachine: false }
  }
  const ambient = fromEnvironment ? environment['AZURE_CLIENT_ID'] || undefined : undefined
  const machine = {
    resource: fromEnvironment ? resourceOf(scope) : resource,
    objectId,
    clientId: clientId ?? ambient,
  }
  const { token } = await askMachineToken(machine, ports)
  return { token: token.reveal(), isMachine: true }
}

/** How a client proves that it is itself. */
export type Proof =
  | { readonly kind: 'secret'; readonly secret: Secret }
  /** The projected token that is in the file. */
  | { readonly kind: 'file'; readonly path: string }

export const publicAuthority = 'https://login.microsoftonline.com'

export interface AzureClient {
  readonly tenantId: string
  readonly clientId: string
  /** `https://host` of Entra ID. */
  readonly authority: string
  readonly proof: Proof
  readonly scope: string
}

/** Errors: `credentials_unavailable`. Source: Azure's workload identity webhook and its SDKs. */
export async function exchangeProof(
  { tenantId, clientId, authority, proof, scope }: AzureClient,
  { ask, now }: CloudPorts,
): Promise<CloudToken> {
  const form = {
    ...proofFields(proof),
    client_id: clientId,
    scope,
    grant_type: 'client_credentials',
  }
  const text = await ask({
    method: 'POST',
    url: `${authority.replace(/\/+$/, '')}/${encodeURIComponent(tenantId)}/oauth2/v2.0/token`,
    headers: formType,
    body: new URLSearchParams(form).toString(),
    reasonOf: oauthReason,
  })
  return readToken(parseObject(text, 'Entra ID'), 'Entra ID', now())
}

function proofFields(proof: Proof): Readonly<Record<string, string>> {
  if (proof.kind === 'secret') return { client_secret: proof.secret.reveal() }
  return {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: requireTrimmed(proof.path, 'credentials_unavailable'),
  }
}

function findProof(environment: CloudPorts['environment']): Proof | undefined {
  const secret = environment['AZURE_CLIENT_SECRET'] ?? ''
  if (secret !== '') return { kind: 'secret', secret: new Secret(secret) }
  const path = environment['AZURE_FEDERATED_TOKEN_FILE'] ?? ''
  return path === '' ? undefined : { kind: 'file', path }
}

function requireVariable(environment: CloudPorts['environment'], name: string): string {
  const value = environment[name] ?? ''
  if (value === '') throw unavailable({ reason: `${name} is not set` })
  return value
}

/** What a scope is called where tokens are asked for by resource. */
export function resourceOf(scope: string): string {
  return scope.replace(/\/\.default$/, '')
}

export interface AzureMachine {
  readonly resource: string
  readonly objectId: string | undefined
  /** Counts where `objectId` is not given. */
  readonly clientId: string | undefined
}

/** Of an identity of the machine. Errors: `credentials_unavailable`. */
export async function askMachineToken(
  { resource, objectId, clientId }: AzureMachine,
  ports: CloudPorts,
): Promise<CloudToken> {
  const answer = await askAzureMetadata(ports, 'identity/oauth2/token', {
    resource,
    ...(objectId === undefined ? {} : { object_id: objectId }),
    ...(clientId === undefined || objectId !== undefined ? {} : { client_id: clientId }),
  })
  return readToken(answer, 'metadata service', ports.now())
}

function readToken(answer: JsonObject, from: string, now: number): CloudToken {
  return {
    token: new Secret(requireMember(answer, 'access_token', from)),
    expiresAt: expiryOf(answer, now),
  }
}
