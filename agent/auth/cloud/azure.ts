/** The azure method: a token of Entra ID, and which machine it is for. */
import type { JsonObject, JsonValue } from '../../../core/json.ts'
import type { AzureConfig } from '../../config/auth-config.ts'
import { requireTrimmed } from '../credential-file.ts'
import { objectMember, parseObject, requireMember, textMember } from './answer.ts'
import { formType, unavailable } from './ask.ts'
import type { CloudPorts, Proof } from './proof.ts'

const metadataVersion = '2018-02-01'

/** Errors: `credentials_unavailable`. Source: https://developer.hashicorp.com/vault/api-docs/auth/azure#login. */
export async function proveAzure(config: AzureConfig, ports: CloudPorts): Promise<Proof> {
  const federated = config.fromEnvironment ? assertionOf(ports) : undefined
  const jwt =
    federated === undefined
      ? await askMachineToken(config, ports)
      : await exchangeAssertion(config, ports, federated)
  const machine = await describeMachine(ports, federated !== undefined)
  const data = new Map<string, JsonValue>([
    ['role', config.role],
    ['jwt', jwt],
    ['vm_name', textMember(machine, 'name') ?? ''],
    ['vmss_name', textMember(machine, 'vmScaleSetName') ?? ''],
    ['resource_group_name', textMember(machine, 'resourceGroupName') ?? ''],
    ['subscription_id', textMember(machine, 'subscriptionId') ?? ''],
  ])
  return { data, credentials: new Map() }
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
  { scope, clientId }: AzureConfig,
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

async function askMachineToken(config: AzureConfig, ports: CloudPorts): Promise<string> {
  const { fromEnvironment, resource, scope, objectId, clientId } = config
  const ambient = fromEnvironment ? ports.environment['AZURE_CLIENT_ID'] || undefined : undefined
  const client = clientId ?? ambient
  const answer = await askMetadata(ports, 'identity/oauth2/token', {
    resource: fromEnvironment ? scope.replace(/\/\.default$/, '') : resource,
    ...(objectId === undefined ? {} : { object_id: objectId }),
    ...(client === undefined || objectId !== undefined ? {} : { client_id: client }),
  })
  return requireMember(answer, 'access_token', 'metadata service')
}

/** Pods that do not need the metadata service for their token may have been cut off from it. */
async function describeMachine(ports: CloudPorts, isOptional: boolean): Promise<JsonObject> {
  try {
    return objectMember(await askMetadata(ports, 'instance', {}), 'compute')
  } catch (thrown) {
    if (!isOptional) throw thrown
    return new Map()
  }
}

async function askMetadata(
  { ask, environment }: CloudPorts,
  path: string,
  query: Readonly<Record<string, string>>,
): Promise<JsonObject> {
  const address = environment['AZURE_POD_IDENTITY_AUTHORITY_HOST'] || 'http://169.254.169.254'
  const search = new URLSearchParams({ 'api-version': metadataVersion, ...query })
  const text = await ask({
    url: `${address.replace(/\/+$/, '')}/metadata/${path}?${search}`,
    headers: { Metadata: 'true' },
    isLocal: true,
  })
  return parseObject(text, 'metadata service')
}
