/** The kubernetes auth method, with the development issuer's key in place of a TokenReview. */
import type { JWTPayload } from 'jose'
import type { Clock } from '../../../core/clock.ts'
import type { JsonObject } from '../../../core/json.ts'
import { Refusal } from '../exchange.ts'
import type { Issuer } from '../issuer.ts'
import { textMember, textsMember } from '../json.ts'
import type { AuthMethod, Login } from './auth-method.ts'
import { matchesGlob } from './glob.ts'
import { isPublicKey, verifyJwt } from './verify-jwt.ts'

/** The JWT must be of `issuer`, unless the configuration has `pem_keys`. Source of messages and statuses: Vault's plugin. */
export function kubernetesMethod(issuer: Issuer, clock: Clock): AuthMethod {
  return {
    type: 'kubernetes',
    roleFields: {
      audience: 'text',
      bound_service_account_names: 'texts',
      bound_service_account_namespaces: 'texts',
    },
    configFields: {
      disable_iss_validation: 'boolean',
      disable_local_ca_jwt: 'boolean',
      issuer: 'text',
      kubernetes_ca_cert: 'text',
      kubernetes_host: 'text',
      pem_keys: 'texts',
    },
    checkRole: (role) => {
      for (const name of ['bound_service_account_names', 'bound_service_account_namespaces']) {
        if (textsMember(role, name).length === 0) {
          throw new Refusal(400, `"${name}" can not be empty`)
        }
      }
    },
    checkConfig: (config) => {
      if (!textsMember(config, 'pem_keys').every(isPublicKey)) {
        throw new Refusal(400, 'data does not contain any valid public keys')
      }
    },
    missingJwt: 'missing jwt',
    unknownRole: (name) => `invalid role name "${name}"`,
    identify: async (login) => identify(login, issuer, clock.now()),
  }
}

async function identify({ jwt, role, config }: Login, issuer: Issuer, now: number) {
  const pemKeys = textsMember(config, 'pem_keys')
  const audience = textMember(role, 'audience')
  const verdict = await verifyJwt(jwt, {
    publicKeys: pemKeys.length === 0 ? [issuer.publicKey] : pemKeys,
    ...(pemKeys.length === 0 ? { issuer: issuer.name } : {}),
    ...(audience === '' ? {} : { audiences: [audience] }),
    now,
  })
  if (verdict.kind === 'forged') throw new Refusal(403, 'permission denied')
  if (verdict.kind === 'refused') throw new Refusal(403, verdict.reason)
  const account = readAccount(verdict.claims)
  checkBounds(role, account)
  return {
    displayName: `${account.namespace}-${account.name}`,
    metadata: new Map([
      ['service_account_name', account.name],
      ['service_account_namespace', account.namespace],
      ['service_account_secret_name', ''],
      ['service_account_uid', account.uid],
    ]),
  }
}

interface Account {
  readonly namespace: string
  readonly name: string
  readonly uid: string
}

function checkBounds(role: JsonObject, { namespace, name }: Account): void {
  const allows = (field: string, value: string) =>
    textsMember(role, field).some((pattern) => matchesGlob(pattern, value))
  if (!allows('bound_service_account_names', name)) {
    throw new Refusal(403, 'service account name not authorized')
  }
  if (!allows('bound_service_account_namespaces', namespace)) {
    throw new Refusal(403, 'namespace not authorized')
  }
}

function readAccount(claims: JWTPayload): Account {
  const kubernetes = member(claims, 'kubernetes.io')
  const account = member(kubernetes, 'serviceaccount')
  return {
    namespace: text(member(kubernetes, 'namespace')),
    name: text(member(account, 'name')),
    uid: text(member(account, 'uid')),
  }
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.getOwnPropertyDescriptor(value, name)?.value
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
