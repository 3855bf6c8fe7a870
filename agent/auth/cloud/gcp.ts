/** The gcp method: as a machine of Compute Engine, or as a service account. */

import { parseObject, requireMember } from '../../../core/cloud/answer.ts'
import { jsonType } from '../../../core/cloud/ask.ts'
import { findAccount } from '../../../core/cloud/gcp-account.ts'
import { askGoogleMetadata } from '../../../core/cloud/gcp-metadata.ts'
import type { JsonValue } from '../../../core/json.ts'
import type { GcpConfig } from '../../config/auth-config.ts'
import type { Proof, ProofPorts } from './proof.ts'

/** Errors: `credentials_unavailable`. Source: https://developer.hashicorp.com/vault/docs/auth/gcp. */
export async function proveGcp(config: GcpConfig, ports: ProofPorts): Promise<Proof> {
  const jwt = config.type === 'gce' ? await askMachine(config, ports) : await sign(config, ports)
  const data = new Map<string, JsonValue>([
    ['role', config.role],
    ['jwt', jwt],
  ])
  return { data, credentials: new Map() }
}

async function askMachine(
  { role, serviceAccount = 'default' }: GcpConfig,
  ports: ProofPorts,
): Promise<string> {
  const search = new URLSearchParams({
    audience: `${ports.address}/vault/${role}`,
    format: 'full',
  })
  const account = encodeURIComponent(serviceAccount)
  return (await askGoogleMetadata(ports, `${account}/identity?${search}`)).trim()
}

/** With the account's own key where the agent has it, else by Google's word. */
async function sign(config: GcpConfig, ports: ProofPorts): Promise<string> {
  const { role, jwtLifeMs } = config
  const { subject, signer } = await findAccount(config, ports)
  const claims = {
    aud: `http://vault/${role}`,
    sub: subject,
    exp: Math.floor((ports.now() + jwtLifeMs) / 1000),
  }
  if (signer.kind === 'key') return signer.sign(claims)
  const { environment, ask } = ports
  const override = environment['CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS']
  const base = (override || 'https://iamcredentials.googleapis.com').replace(/\/+$/, '')
  const answer = await ask({
    method: 'POST',
    url: `${base}/v1/projects/-/serviceAccounts/${encodeURIComponent(subject)}:signJwt`,
    headers: { ...jsonType, Authorization: `Bearer ${signer.accessToken}` },
    body: JSON.stringify({ payload: JSON.stringify(claims) }),
  })
  return requireMember(parseObject(answer, 'signJwt'), 'signedJwt', 'signJwt')
}
