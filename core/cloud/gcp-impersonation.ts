/** Tokens of a service account for whoever may act as it. Source: https://cloud.google.com/iam/docs/reference/credentials/rest. */
import { Secret } from '../secret.ts'
import { parseObject, requireMember } from './answer.ts'
import { jsonType } from './ask.ts'
import type { CloudPorts } from './cloud-ports.ts'
import type { CloudToken } from './cloud-token.ts'
import { oauthReason } from './oauth-reason.ts'

export const googleScope = 'https://www.googleapis.com/auth/cloud-platform'

/** Where tokens of `email` are asked for; `address` is that of IAM Credentials where it is not Google's own. */
export function impersonationUrl(
  email: string,
  { environment }: CloudPorts,
  address?: string,
): string {
  const override = address ?? environment['CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS']
  const base = (override || 'https://iamcredentials.googleapis.com').replace(/\/+$/, '')
  return `${base}/v1/projects/-/serviceAccounts/${encodeURIComponent(email)}:generateAccessToken`
}

/** The header with the project that pays for a request and has to have the service enabled. Source: Google's system parameters. */
export function quotaHeader(project: string | undefined): Readonly<Record<string, string>> {
  return project === undefined ? {} : { 'x-goog-user-project': project }
}

/** `bearer` is a token of whoever asks, with the headers that it needs. Errors: `credentials_unavailable`. */
export async function impersonate(
  url: string,
  bearer: Secret,
  { ask, now }: CloudPorts,
  headers: Readonly<Record<string, string>> = {},
): Promise<CloudToken> {
  const granted = await ask({
    method: 'POST',
    url,
    headers: { ...headers, ...jsonType, Authorization: `Bearer ${bearer.reveal()}` },
    body: JSON.stringify({ scope: [googleScope] }),
    reasonOf: oauthReason,
  })
  const name = 'service_account_impersonation_url'
  const answer = parseObject(granted, name)
  const end = answer.get('expireTime')
  const expiresAt = typeof end === 'string' ? Date.parse(end) : Number.NaN
  return {
    token: new Secret(requireMember(answer, 'accessToken', name)),
    expiresAt: Number.isNaN(expiresAt) ? now() : expiresAt,
  }
}
