/** The AWS keys of the agent, from where AWS's own programs take them, in their order. */

import { requireTrimmed } from '../credential-file.ts'
import type { Secret } from '../secret.ts'
import { parseObject, requireMember, textMember } from './answer.ts'
import { formType, unavailable } from './ask.ts'
import { createAskInstance } from './aws-metadata.ts'
import type { SigningKeys } from './aws-signature.ts'
import type { CloudPorts } from './cloud-ports.ts'

export interface AwsKeys {
  readonly accessKey: string
  readonly secretKey: Secret
  readonly sessionToken: Secret | undefined
}

export interface AwsIdentity {
  /** Undefined: those of the environment, of the pod or of the machine. */
  readonly keys: AwsKeys | undefined
  /** Of the STS that is asked where the environment names none. */
  readonly region: string
}

/** Configured keys, those of the environment, a projected token, the pod's or container's agent, the machine. Errors: `credentials_unavailable`. */
export async function findAwsKeys(config: AwsIdentity, ports: CloudPorts): Promise<SigningKeys> {
  const configured = fromConfig(config) ?? fromEnvironment(ports)
  if (configured !== undefined) return configured
  const { environment } = ports
  const roleArn = environment['AWS_ROLE_ARN'] ?? ''
  const tokenPath = environment['AWS_WEB_IDENTITY_TOKEN_FILE'] ?? ''
  if (roleArn !== '' && tokenPath !== '')
    return fromWebIdentity(config, ports, { roleArn, tokenPath })
  const address = containerAddress(ports)
  return address === undefined ? fromInstance(ports) : fromContainer(ports, address)
}

function fromConfig({ keys }: AwsIdentity): SigningKeys | undefined {
  if (keys === undefined) return undefined
  const { accessKey, secretKey, sessionToken } = keys
  return { accessKey, secretKey: secretKey.reveal(), sessionToken: sessionToken?.reveal() }
}

function fromEnvironment({ environment }: CloudPorts): SigningKeys | undefined {
  const accessKey = environment['AWS_ACCESS_KEY_ID'] ?? ''
  const secretKey = environment['AWS_SECRET_ACCESS_KEY'] ?? ''
  if (accessKey === '' || secretKey === '') return undefined
  return { accessKey, secretKey, sessionToken: environment['AWS_SESSION_TOKEN'] || undefined }
}

interface WebIdentity {
  readonly roleArn: string
  readonly tokenPath: string
}

/** Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html. */
async function fromWebIdentity(
  { region }: AwsIdentity,
  { ask, environment, now }: CloudPorts,
  { roleArn, tokenPath }: WebIdentity,
): Promise<SigningKeys> {
  const place = environment['AWS_REGION'] || environment['AWS_DEFAULT_REGION'] || region
  const parameters = new URLSearchParams({
    Action: 'AssumeRoleWithWebIdentity',
    Version: '2011-06-15',
    RoleArn: roleArn,
    RoleSessionName: environment['AWS_ROLE_SESSION_NAME'] || `claviger-agent-${now()}`,
    WebIdentityToken: requireTrimmed(tokenPath, 'credentials_unavailable'),
  })
  const answer = await ask({
    method: 'POST',
    url: environment['AWS_ENDPOINT_URL_STS'] || stsAddress(place),
    headers: formType,
    body: parameters.toString(),
  })
  return {
    accessKey: element(answer, 'AccessKeyId'),
    secretKey: element(answer, 'SecretAccessKey'),
    sessionToken: element(answer, 'SessionToken'),
  }
}

/** Of the one region that has the name without a region, and of all others. */
export function stsAddress(region: string): string {
  if (region === 'us-east-1') return 'https://sts.amazonaws.com/'
  const suffix = region.startsWith('cn-') ? '.cn' : ''
  return `https://sts.${region}.amazonaws.com${suffix}/`
}

/** STS answers XML, and in these elements nothing that XML would escape. */
function element(xml: string, name: string): string {
  const text = new RegExp(`<${name}>([^<&]+)</${name}>`).exec(xml)?.[1]
  if (text === undefined) throw unavailable({ source: 'STS', reason: `no ${name}` })
  return text
}

/** Hosts that plain HTTP is allowed to. Source: AWS's SDK reference, container credential provider. */
const containerHosts = new Set(['169.254.170.2', '169.254.170.23', '[fd00:ec2::23]'])
const loopback = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/

function containerAddress({ environment }: CloudPorts): URL | undefined {
  const relative = environment['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'] ?? ''
  if (relative !== '') return new URL(relative, 'http://169.254.170.2')
  const full = environment['AWS_CONTAINER_CREDENTIALS_FULL_URI'] ?? ''
  if (full === '') return undefined
  const url = URL.canParse(full) ? new URL(full) : undefined
  if (url?.protocol === 'https:') return url
  if (url !== undefined && (containerHosts.has(url.hostname) || loopback.test(url.hostname)))
    return url
  throw unavailable({ source: 'AWS_CONTAINER_CREDENTIALS_FULL_URI', reason: 'not a host of AWS' })
}

/** EKS Pod Identity, and ECS. */
async function fromContainer({ ask, environment }: CloudPorts, address: URL): Promise<SigningKeys> {
  const tokenPath = environment['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE'] ?? ''
  const token =
    tokenPath === ''
      ? (environment['AWS_CONTAINER_AUTHORIZATION_TOKEN'] ?? '')
      : requireTrimmed(tokenPath, 'credentials_unavailable')
  const headers: Record<string, string> = token === '' ? {} : { Authorization: token }
  const isLocal = address.protocol === 'http:'
  return readKeys(await ask({ url: address.href, headers, isLocal }), 'container credentials')
}

async function fromInstance(ports: CloudPorts): Promise<SigningKeys> {
  if (ports.environment['AWS_EC2_METADATA_DISABLED'] === 'true') {
    throw unavailable({ reason: 'no AWS keys, and AWS_EC2_METADATA_DISABLED' })
  }
  const ask = createAskInstance(ports)
  const path = 'meta-data/iam/security-credentials/'
  const [role = ''] = (await ask(path)).split('\n')
  return readKeys(await ask(`${path}${role.trim()}`), 'instance credentials')
}

function readKeys(text: string, source: string): SigningKeys {
  const answer = parseObject(text, source)
  return {
    accessKey: requireMember(answer, 'AccessKeyId', source),
    secretKey: requireMember(answer, 'SecretAccessKey', source),
    sessionToken: textMember(answer, 'Token'),
  }
}
