/** Keys of AWS, from where AWS's own programs take them, in their order. */
import { AppError } from '../errors.ts'
import type { Secret } from '../secret.ts'
import { parseObject, requireMember, textMember } from './answer.ts'
import { unavailable } from './ask.ts'
import { askContainer, containerAddress, podIdentityAddress } from './aws-container.ts'
import { awsAddress } from './aws-endpoint.ts'
import { createAskInstance } from './aws-metadata.ts'
import type { SigningKeys } from './aws-signature.ts'
import { assumeRole, parseTime, type WebIdentity } from './aws-web-identity.ts'
import type { CloudPorts } from './cloud-ports.ts'

export interface AwsKeys {
  readonly accessKey: string
  readonly secretKey: Secret
  readonly sessionToken: Secret | undefined
}

export type AwsKeySource = 'environment' | 'web-identity' | 'pod-identity' | 'instance'

/** Besides `keys` and `region` each member stands in for a variable of AWS's where it is given. */
export interface AwsIdentity {
  /** Undefined: those of the environment, of the pod or of the machine. */
  readonly keys?: AwsKeys | undefined
  /** Of the STS that is asked where the environment names none. */
  readonly region: string
  /** Default: the first of these that is there, in the order of `AwsKeySource`. */
  readonly source?: AwsKeySource | undefined
  readonly roleArn?: string | undefined
  readonly sessionName?: string | undefined
  /** Of the projected token. */
  readonly tokenPath?: string | undefined
  readonly stsAddress?: string | undefined
  /** Of the STS of other regions, in whose order they are asked where the first does not answer or has failed. */
  readonly otherStsAddresses?: readonly string[]
}

export interface TimedKeys extends SigningKeys {
  /** Milliseconds since the epoch; undefined: they have no end that is known. */
  readonly expiresAt: number | undefined
}

/** Configured keys, else those of the identity's source. Errors: `credentials_unavailable`. */
export async function findAwsKeys(identity: AwsIdentity, ports: CloudPorts): Promise<TimedKeys> {
  const configured = fromConfig(identity)
  if (configured !== undefined) return configured
  switch (identity.source) {
    case 'environment':
      return fromEnvironment(ports) ?? refuse('no AWS_ACCESS_KEY_ID with its secret')
    case 'web-identity':
      return fromWebIdentity(identity, ports) ?? refuse('no role_arn with its token_path')
    case 'pod-identity':
      return fromContainer(identity, ports) ?? fromPodIdentity(identity, ports)
    case 'instance':
      return fromInstance(ports)
    case undefined:
      return (
        fromEnvironment(ports) ??
        fromWebIdentity(identity, ports) ??
        fromContainer(identity, ports) ??
        fromInstanceAtLast(ports)
      )
  }
}

function fromConfig({ keys }: AwsIdentity): TimedKeys | undefined {
  if (keys === undefined) return undefined
  const { accessKey, secretKey, sessionToken } = keys
  return {
    accessKey,
    secretKey: secretKey.reveal(),
    sessionToken: sessionToken?.reveal(),
    expiresAt: undefined,
  }
}

function fromEnvironment({ environment }: CloudPorts): TimedKeys | undefined {
  const accessKey = environment['AWS_ACCESS_KEY_ID'] ?? ''
  const secretKey = environment['AWS_SECRET_ACCESS_KEY'] ?? ''
  if (accessKey === '' || secretKey === '') return undefined
  const sessionToken = environment['AWS_SESSION_TOKEN'] || undefined
  return { accessKey, secretKey, sessionToken, expiresAt: undefined }
}

function fromWebIdentity(identity: AwsIdentity, ports: CloudPorts): Promise<TimedKeys> | undefined {
  const { environment, now } = ports
  const roleArn = identity.roleArn ?? environment['AWS_ROLE_ARN'] ?? ''
  const tokenPath = identity.tokenPath ?? environment['AWS_WEB_IDENTITY_TOKEN_FILE'] ?? ''
  if (roleArn === '' || tokenPath === '') return undefined
  const region = environment['AWS_REGION'] || environment['AWS_DEFAULT_REGION'] || identity.region
  const sessionName = identity.sessionName || environment['AWS_ROLE_SESSION_NAME']
  const address =
    identity.stsAddress || environment['AWS_ENDPOINT_URL_STS'] || awsAddress('sts', { region })
  const web = { roleArn, tokenPath, sessionName: sessionName || `claviger-agent-${now()}` }
  return assumeSomewhere(web, [address, ...(identity.otherStsAddresses ?? [])], ports)
}

/** Keys of one region are good in all. What is refused is refused, and the error is the first one. */
async function assumeSomewhere(
  web: Omit<WebIdentity, 'address'>,
  [address = '', ...others]: readonly string[],
  ports: CloudPorts,
): Promise<TimedKeys> {
  try {
    return await assumeRole({ ...web, address }, ports)
  } catch (thrown) {
    if (others.length === 0 || !hasFailed(thrown)) throw thrown
    return assumeSomewhere(web, others, ports).catch(() => {
      throw thrown
    })
  }
}

/** Whether the service is out of reach or has failed. */
function hasFailed(thrown: unknown): boolean {
  const { address, cause, status } = thrown instanceof AppError ? thrown.facts : {}
  if (address === undefined) return false
  return status === undefined ? cause !== undefined : Number(status) >= 500
}

/** Of the STS that a signed request is for: that of the one region whose name it does not have, and of all others. */
export function stsAddress(region: string): string {
  return region === 'us-east-1' ? 'https://sts.amazonaws.com/' : awsAddress('sts', { region })
}

function fromContainer(identity: AwsIdentity, ports: CloudPorts): Promise<TimedKeys> | undefined {
  const address = containerAddress(ports)
  return address === undefined ? undefined : askAgent(address, identity, ports)
}

function fromPodIdentity(identity: AwsIdentity, ports: CloudPorts): Promise<TimedKeys> {
  return askAgent(new URL(podIdentityAddress), identity, ports)
}

/** A path that is given for web identity is no token of the node's agent. */
async function askAgent(
  address: URL,
  { source, tokenPath }: AwsIdentity,
  ports: CloudPorts,
): Promise<TimedKeys> {
  const givenPath = source === 'pod-identity' ? tokenPath : undefined
  return readKeys(await askContainer(address, ports, givenPath), 'container credentials')
}

async function fromInstance(ports: CloudPorts): Promise<TimedKeys> {
  if (ports.environment['AWS_EC2_METADATA_DISABLED'] === 'true') {
    return refuse('no AWS keys, and AWS_EC2_METADATA_DISABLED')
  }
  const ask = createAskInstance(ports)
  const path = 'meta-data/iam/security-credentials/'
  const [role = ''] = (await ask(path)).split('\n')
  return readKeys(await ask(`${path}${role.trim()}`), 'instance credentials')
}

/** Asked because nothing else was there, which is what is to be mended as a rule. */
async function fromInstanceAtLast(ports: CloudPorts): Promise<TimedKeys> {
  try {
    return await fromInstance(ports)
  } catch (thrown) {
    const facts = thrown instanceof AppError ? thrown.facts : {}
    throw unavailable({
      ...facts,
      hint: 'there is neither a role with a projected token nor EKS Pod Identity',
    })
  }
}

function readKeys(text: string, source: string): TimedKeys {
  const answer = parseObject(text, source)
  return {
    accessKey: requireMember(answer, 'AccessKeyId', source),
    secretKey: requireMember(answer, 'SecretAccessKey', source),
    sessionToken: textMember(answer, 'Token'),
    expiresAt: parseTime(textMember(answer, 'Expiration')),
  }
}

function refuse(reason: string): never {
  throw unavailable({ reason })
}
