/** Workload identity federation: the pod's own token for one of Google. Source: https://google.aip.dev/auth/4117. */

import { requireTrimmed } from '../credential-file.ts'
import type { JsonObject } from '../json.ts'
import { Secret } from '../secret.ts'
import { objectMember, parseObject, requireMember, textMember } from './answer.ts'
import { formType, unavailable } from './ask.ts'
import type { CloudPorts } from './cloud-ports.ts'
import { type CloudToken, expiryOf } from './cloud-token.ts'
import { googleScope, impersonate } from './gcp-impersonation.ts'
import { oauthReason } from './oauth-reason.ts'

const source = 'external_account'

export interface Federated extends CloudToken {
  /** The email of the account that the token is for; undefined: it is for the workload itself. */
  readonly impersonated: string | undefined
}

/** `credentials` are JSON of the type external_account with its token in a file. Errors: `credentials_unavailable`. */
export async function exchangeFederated(
  credentials: JsonObject,
  ports: CloudPorts,
): Promise<Federated> {
  const form = new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    audience: requireMember(credentials, 'audience', source),
    scope: googleScope,
    subject_token_type: requireMember(credentials, 'subject_token_type', source),
    subject_token: readSubjectToken(objectMember(credentials, 'credential_source')),
  })
  const url = requireMember(credentials, 'token_url', source)
  const text = await ports.ask({
    method: 'POST',
    url,
    headers: formType,
    body: form.toString(),
    reasonOf: oauthReason,
  })
  const answer = parseObject(text, 'token_url')
  const token = new Secret(requireMember(answer, 'access_token', 'token_url'))
  const impersonation = textMember(credentials, 'service_account_impersonation_url')
  if (impersonation === undefined) {
    return { token, expiresAt: expiryOf(answer, ports.now()), impersonated: undefined }
  }
  const granted = await impersonate(impersonation, token, ports)
  return { ...granted, impersonated: emailIn(impersonation) }
}

function emailIn(url: string): string | undefined {
  const email = /\/serviceAccounts\/([^/:]+):generateAccessToken$/.exec(url)?.[1]
  return email === undefined ? undefined : decodeURIComponent(email)
}

/** The file as it is, or a member of the JSON in it. Other sources run programs or ask addresses of somebody's choice. */
function readSubjectToken(from: JsonObject): string {
  const path = textMember(from, 'file')
  if (path === undefined) throw unavailable({ source, reason: 'credential_source is not a file' })
  const text = requireTrimmed(path, 'credentials_unavailable')
  const format = objectMember(from, 'format')
  if (textMember(format, 'type') !== 'json') return text
  const member = requireMember(format, 'subject_token_field_name', source)
  return requireMember(parseObject(text, path), member, path)
}
