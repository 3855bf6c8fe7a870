/** Keys from the agent of the node: EKS Pod Identity, and ECS. Source: AWS's SDK reference, container credential provider. */
import { requireTrimmed } from '../credential-file.ts'
import { unavailable } from './ask.ts'
import type { CloudPorts } from './cloud-ports.ts'

/** Hosts that plain HTTP is allowed to. */
const hosts = new Set(['169.254.170.2', '169.254.170.23', '[fd00:ec2::23]'])
const loopback = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/

/** Where every node with EKS Pod Identity has its agent, unless it has IPv6 alone. */
export const podIdentityAddress = 'http://169.254.170.23/v1/credentials'

/** Undefined where the environment names none. Errors: `credentials_unavailable` for a host that is not AWS's. */
export function containerAddress({ environment }: CloudPorts): URL | undefined {
  const relative = environment['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'] ?? ''
  const full = environment['AWS_CONTAINER_CREDENTIALS_FULL_URI'] ?? ''
  if (relative === '' && full === '') return undefined
  const [given, base, source] =
    relative === ''
      ? ([full, undefined, 'AWS_CONTAINER_CREDENTIALS_FULL_URI'] as const)
      : ([relative, 'http://169.254.170.2', 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'] as const)
  const url = URL.canParse(given, base) ? new URL(given, base) : undefined
  if (url !== undefined && isTrusted(url)) return url
  throw unavailable({ source, reason: 'not a host of AWS' })
}

function isTrusted({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || hosts.has(hostname) || loopback.test(hostname)
}

/** The agent's answer. `givenPath` is that of the token where the environment does not name it. Errors: `credentials_unavailable`. */
export async function askContainer(
  address: URL,
  { ask, environment }: CloudPorts,
  givenPath: string | undefined,
): Promise<string> {
  const path = givenPath ?? (environment['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE'] || undefined)
  const token =
    path === undefined
      ? (environment['AWS_CONTAINER_AUTHORIZATION_TOKEN'] ?? '')
      : requireTrimmed(path, 'credentials_unavailable')
  const headers: Record<string, string> = token === '' ? {} : { Authorization: token }
  const isLocal = address.protocol === 'http:'
  const reasonOf = (body: string) => reasonPattern.exec(body)?.[1]
  return ask({ url: address.href, headers, isLocal, reasonOf })
}

/** What EKS calls the error, after the id of the request: `[…]: (AccessDeniedException): …`. */
const reasonPattern = /^(?:\[[\w-]*\]: )?\(([A-Za-z]{1,64})\): /
