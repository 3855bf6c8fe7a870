/** Keys for a projected token, from STS. Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html. */
import { requireTrimmed } from '../credential-file.ts'
import { formType, unavailable } from './ask.ts'
import type { TimedKeys } from './aws-keys.ts'
import type { CloudPorts } from './cloud-ports.ts'

export interface WebIdentity {
  readonly roleArn: string
  readonly tokenPath: string
  readonly sessionName: string
  /** Of STS. */
  readonly address: string
}

/** The token is read anew each time, since the kubelet replaces it. Errors: `credentials_unavailable`. */
export async function assumeRole(identity: WebIdentity, { ask }: CloudPorts): Promise<TimedKeys> {
  const { roleArn, tokenPath, sessionName, address } = identity
  const parameters = new URLSearchParams({
    Action: 'AssumeRoleWithWebIdentity',
    Version: '2011-06-15',
    RoleArn: roleArn,
    RoleSessionName: sessionName,
    WebIdentityToken: requireTrimmed(tokenPath, 'credentials_unavailable'),
  })
  const answer = await ask({
    method: 'POST',
    url: address,
    headers: formType,
    body: parameters.toString(),
    reasonOf: (body) => reasonPattern.exec(body)?.[1],
  })
  return {
    accessKey: requireElement(answer, 'AccessKeyId'),
    secretKey: requireElement(answer, 'SecretAccessKey'),
    sessionToken: requireElement(answer, 'SessionToken'),
    expiresAt: parseTime(element(answer, 'Expiration')),
  }
}

/** What STS calls its error: one word, such as `InvalidIdentityToken`. */
const reasonPattern = /<Code>([A-Za-z]{1,64})<\/Code>/

/** Milliseconds since the epoch; undefined for what is no time. */
export function parseTime(text: string | undefined): number | undefined {
  const at = Date.parse(text ?? '')
  return Number.isNaN(at) ? undefined : at
}

function requireElement(xml: string, name: string): string {
  const text = element(xml, name)
  if (text === undefined) throw unavailable({ source: 'STS', reason: `no ${name}` })
  return text
}

/** STS answers XML, and in these elements nothing that XML would escape. */
function element(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<&]+)</${name}>`).exec(xml)?.[1]
}
