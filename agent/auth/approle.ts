/** Logging in with a role id and a secret id. */

import { fingerprintFile, readTrimmed, removeCredential } from '../../core/credential-file.ts'
import { AppError, type Facts } from '../../core/errors.ts'
import { Secret } from '../../core/secret.ts'
import { parseEnvelope } from '../../core/vault/envelope.ts'
import type { ApproleConfig, AuthConfig } from '../config/auth-config.ts'
import type { AuthMethod, Credentials } from './auth-method.ts'
import type { AuthPorts } from './auth-ports.ts'
import { sendLogin } from './send-login.ts'

/** The wrapping token that the secret id came out of: it cannot be unwrapped twice. */
const unwrapped = 'unwrapped'
const roleId = 'role_id'
const secretId = 'secret_id'

/**
 * What was read last is remembered, since files may vanish. The file of the secret id is removed after a login, never before:
 * a crash must not lose it.
 */
export function createApprole(
  auth: AuthConfig,
  config: ApproleConfig,
  ports: AuthPorts,
): AuthMethod {
  const { roleIdPath, secretIdPath } = config
  const facts = { path: `${auth.mountPath}/login`, role: '' }
  // An unwrapped secret id must outlive a login that fails.
  let latest: Credentials = new Map()
  let isSaved = true
  return {
    identity: `approle ${roleIdPath}`,
    facts,
    login: async (remembered) => {
      const known = new Map([...remembered, ...latest])
      const found = secretIdPath === undefined ? undefined : readTrimmed(secretIdPath)
      latest = await collect(config, ports, { known, found })
      isSaved = latest.get(unwrapped)?.reveal() === remembered.get(unwrapped)?.reveal()
      const data = new Map(
        [roleId, secretId].flatMap((name) => {
          const value = latest.get(name)
          return value === undefined ? [] : [[name, value.reveal()]]
        }),
      )
      const granted = await sendLogin({ client: ports.client, auth, facts, data })
      if (config.removeSecretId && secretIdPath !== undefined && found !== undefined) {
        removeCredential({ path: secretIdPath, followLinks: false }, ports.logger)
      }
      isSaved = true
      return { granted, credentials: latest }
    },
    hasUnsaved: () => !isSaved,
    fingerprint: () => (secretIdPath === undefined ? undefined : fingerprintFile(secretIdPath)),
  }
}

interface Sources {
  readonly known: Credentials
  /** What lies in the file of the secret id. */
  readonly found: string | undefined
}

async function collect(
  { roleIdPath, secretIdPath, wrappingPath }: ApproleConfig,
  ports: AuthPorts,
  { known, found }: Sources,
): Promise<Credentials> {
  const role = asSecret(readTrimmed(roleIdPath)) ?? known.get(roleId)
  if (role === undefined) throw unavailable({ path: roleIdPath, reason: 'no role id yet' })
  if (secretIdPath === undefined) return new Map([[roleId, role]])
  const secret = known.get(secretId)
  const isUsed = found === undefined || known.get(unwrapped)?.reveal() === found
  if (isUsed && secret === undefined) {
    throw unavailable({ path: secretIdPath, reason: 'no secret id yet' })
  }
  if (isUsed) return new Map([...known, [roleId, role]])
  if (wrappingPath === undefined) {
    return new Map([
      [roleId, role],
      [secretId, new Secret(found)],
    ])
  }
  return new Map([
    [roleId, role],
    [secretId, await unwrap(ports, new Secret(found), wrappingPath)],
    [unwrapped, new Secret(found)],
  ])
}

/** A wrapping token that was made elsewhere may hold a secret id of somebody's choice: it is not unwrapped. */
async function unwrap({ client }: AuthPorts, token: Secret, madeAt: string): Promise<Secret> {
  const lookup = parseEnvelope(await client.read('sys/wrapping/lookup', { token }))
  if (lookup.data?.get('creation_path') !== madeAt) {
    throw unavailable({
      expected: madeAt,
      reason: 'the wrapping token was not made at secret_id_response_wrapping_path',
    })
  }
  const answer = parseEnvelope(await client.write('sys/wrapping/unwrap', new Map(), { token }))
  const secret = answer.data?.get('secret_id')
  if (typeof secret === 'string' && secret !== '') return new Secret(secret)
  throw unavailable({ reason: 'no secret id was wrapped' })
}

function asSecret(text: string | undefined): Secret | undefined {
  return text === undefined ? undefined : new Secret(text)
}

function unavailable(facts: Facts): AppError {
  return new AppError('credentials_unavailable', facts)
}
