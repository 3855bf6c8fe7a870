/** The aws method: as a principal of IAM, or as an EC2 instance. */
import { randomUUID } from 'node:crypto'
import { findAwsKeys, stsAddress } from '../../../core/cloud/aws-keys.ts'
import { createAskInstance } from '../../../core/cloud/aws-metadata.ts'
import { signHeaders } from '../../../core/cloud/aws-signature.ts'
import type { JsonValue } from '../../../core/json.ts'
import { Secret } from '../../../core/secret.ts'
import type { AwsConfig } from '../../config/auth-config.ts'
import type { Credentials } from '../auth-method.ts'
import type { Proof, ProofPorts } from './proof.ts'

/** Errors: `credentials_unavailable`. Source: https://developer.hashicorp.com/vault/api-docs/auth/aws#login. */
export async function proveAws(
  config: AwsConfig,
  ports: ProofPorts,
  remembered: Credentials,
): Promise<Proof> {
  return config.type === 'iam'
    ? { data: await signIdentityRequest(config, ports), credentials: new Map() }
    : describeInstance(config, ports, remembered)
}

/** A request that asks STS who signed it; the store sends it. */
async function signIdentityRequest(
  config: AwsConfig,
  ports: ProofPorts,
): Promise<ReadonlyMap<string, JsonValue>> {
  const { region, headerValue, role } = config
  const url = stsAddress(region)
  const body = 'Action=GetCallerIdentity&Version=2011-06-15'
  const headers = {
    'Content-Length': String(body.length),
    'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8',
    ...(headerValue === undefined ? {} : { 'X-Vault-AWS-IAM-Server-ID': headerValue }),
  }
  const keys = await findAwsKeys(config, ports)
  const signed = signHeaders({ method: 'POST', url: new URL(url), headers, body }, keys, {
    region,
    service: 'sts',
    now: ports.now(),
  })
  const lists = Object.fromEntries(Object.entries(signed).map(([name, value]) => [name, [value]]))
  return new Map([
    ['iam_http_request_method', 'POST'],
    ['iam_request_url', encode(url)],
    ['iam_request_headers', encode(JSON.stringify(lists))],
    ['iam_request_body', encode(body)],
    ['role', role],
  ])
}

/** The nonce of the first login proves at the later ones that it is the same client. */
async function describeInstance(
  config: AwsConfig,
  ports: ProofPorts,
  remembered: Credentials,
): Promise<Proof> {
  const ask = createAskInstance(ports)
  const document = await ask('dynamic/instance-identity/document')
  const signature = await ask('dynamic/instance-identity/signature')
  const nonce = config.nonce ?? remembered.get('nonce')?.reveal() ?? randomUUID()
  return {
    data: new Map([
      ['identity', encode(document)],
      ['signature', signature],
      ['nonce', nonce],
      ['role', config.role],
    ]),
    credentials: new Map([['nonce', new Secret(nonce)]]),
  }
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64')
}
