/** Tokens of Entra ID: of a service principal, of a federated pod, or of the machine. */
import { requireTrimmed } from '../credential-file.ts'
import { parseObject, requireMember } from './answer.ts'
import { formType, unavailable } from './ask.ts'
import { askAzureMetadata } from './azure-metadata.ts'
import type { CloudPorts } from './cloud-ports.ts'

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
  const assertion = identity.fromEnvironment ? assertionOf(ports) : undefined
  if (assertion === undefined) {
    return { token: await askMachineToken(identity, ports), isMachine: true }
  }
  return { token: await exchangeAssertion(identity, ports, assertion), isMachine: false }
}

type Assertion = Readonly<Record<string, string>>

/** A service principal's secret, or the pod's projected token. Source: Azure's workload identity webhook and its SDKs. */
function assertionOf({ environment }: CloudPorts): Assertion | undefined {
  const secret = environment['AZURE_CLIENT_SECRET'] ?? ''
  if (secret !== '') return { client_secret: secret }
  const path = environment['AZURE_FEDERATED_TOKEN_FILE'] ?? ''
  if (path === '') return undefined
  return {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: requireTrimmed(path, 'credentials_unavailable'),
  }
}

async function exchangeAssertion(
  { scope, clientId }: AzureIdentity,
  { ask, environment }: CloudPorts,
  assertion: Assertion,
): Promise<string> {
  const tenant = requireVariable(environment, 'AZURE_TENANT_ID')
  const client = clientId ?? requireVariable(environment, 'AZURE_CLIENT_ID')
  const authority = environment['AZURE_AUTHORITY_HOST'] || 'https://login.microsoftonline.com'
  const form = { ...assertion, client_id: client, scope, grant_type: 'client_credentials' }
  const answer = await ask({
    method: 'POST',
    url: `${authority.replace(/\/+$/, '')}/${encodeURIComponent(tenant)}/oauth2/v2.0/token`,
    headers: formType,
    body: new URLSearchParams(form).toString(),
  })
  return requireMember(parseObject(answer, 'Entra ID'), 'access_token', 'Entra ID')
}

function requireVariable(environment: CloudPorts['environment'], name: string): string {
  const value = environment[name] ?? ''
  if (value === '') throw unavailable({ reason: `${name} is not set` })
  return value
}

async function askMachineToken(config: AzureIdentity, ports: CloudPorts): Promise<string> {
  const { fromEnvironment, resource, scope, objectId, clientId } = config
  const ambient = fromEnvironment ? ports.environment['AZURE_CLIENT_ID'] || undefined : undefined
  const client = clientId ?? ambient
  const answer = await askAzureMetadata(ports, 'identity/oauth2/token', {
    resource: fromEnvironment ? scope.replace(/\/\.default$/, '') : resource,
    ...(objectId === undefined ? {} : { object_id: objectId }),
    ...(client === undefined || objectId !== undefined ? {} : { client_id: client }),
  })
  return requireMember(answer, 'access_token', 'metadata service')
}
