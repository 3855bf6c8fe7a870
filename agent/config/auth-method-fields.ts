/** The `config` block of each auth method. */

import type { AwsKeys } from '../../core/cloud/aws-keys.ts'
import { Secret } from '../../core/secret.ts'
import type { AuthMethodConfig } from './auth-config.ts'
import type { Fields } from './fields.ts'

const serviceAccountToken = '/var/run/secrets/kubernetes.io/serviceaccount/token'

/** Type → how its block is read. Defaults are in `AuthMethodConfig`. Source: Vault Agent's auto-auth methods. */
export const methodReaders: ReadonlyMap<string, (config: Fields) => AuthMethodConfig> = new Map([
  [
    'kubernetes',
    (config: Fields): AuthMethodConfig => ({
      kind: 'kubernetes',
      role: config.requiredText('role'),
      tokenPath: config.text('token_path') || serviceAccountToken,
    }),
  ],
  [
    'jwt',
    (config) => ({
      kind: 'jwt',
      role: config.requiredText('role'),
      path: config.requiredText('path'),
      remove: config.flag('remove_jwt_after_reading') ?? true,
      removeFollowsLinks: config.flag('remove_jwt_follows_symlinks') ?? false,
    }),
  ],
  ['approle', readApprole],
  [
    'cert',
    (config) => ({
      kind: 'cert',
      name: config.text('name') || undefined,
      caCertPath: config.text('ca_cert') || undefined,
      clientCertPath: config.text('client_cert') || undefined,
      clientKeyPath: config.text('client_key') || undefined,
      reload: config.flag('reload') ?? false,
    }),
  ],
  [
    'token_file',
    (config) => ({ kind: 'token_file', path: config.requiredText('token_file_path') }),
  ],
  [
    'ldap',
    (config) => ({
      kind: 'ldap',
      username: config.requiredText('username'),
      passwordPath: config.requiredText('password_file_path'),
      remove: config.flag('remove_password_after_reading') ?? true,
      removeFollowsLinks: config.flag('remove_password_follows_symlinks') ?? false,
    }),
  ],
  ['aws', readAws],
  ['azure', readAzure],
  ['gcp', readGcp],
])

function readApprole(config: Fields): AuthMethodConfig {
  const secretIdPath = config.text('secret_id_file_path') || undefined
  const isWrapped = config.has('secret_id_response_wrapping_path') && secretIdPath !== undefined
  return {
    kind: 'approle',
    roleIdPath: config.requiredText('role_id_file_path'),
    secretIdPath,
    removeSecretId: config.flag('remove_secret_id_file_after_reading') ?? true,
    wrappingPath: isWrapped ? config.requiredText('secret_id_response_wrapping_path') : undefined,
  }
}

function readAws(config: Fields): AuthMethodConfig {
  return {
    kind: 'aws',
    type: readChoice(config, ['iam', 'ec2']),
    role: config.requiredText('role'),
    keys: readAwsKeys(config),
    region: config.text('region') || 'us-east-1',
    headerValue: config.text('header_value') || undefined,
    nonce: config.text('nonce') || undefined,
  }
}

function readAwsKeys(config: Fields): AwsKeys | undefined {
  const accessKey = config.text('access_key') ?? ''
  const secretKey = config.text('secret_key') ?? ''
  const sessionToken = config.text('session_token') ?? ''
  if ((accessKey === '') !== (secretKey === '')) {
    const missing = accessKey === '' ? 'access_key' : 'secret_key'
    config.report(missing, 'access_key and secret_key together')
  }
  if (accessKey === '') return undefined
  return {
    accessKey,
    secretKey: new Secret(secretKey),
    sessionToken: sessionToken === '' ? undefined : new Secret(sessionToken),
  }
}

function readAzure(config: Fields): AuthMethodConfig {
  const resource = config.requiredText('resource')
  const objectId = config.text('object_id') || undefined
  const clientId = config.text('client_id') || undefined
  if (objectId !== undefined && clientId !== undefined) {
    config.report('object_id', 'only one of object_id and client_id')
  }
  return {
    kind: 'azure',
    role: config.requiredText('role'),
    resource,
    objectId,
    clientId,
    scope: config.text('scope') || `${resource}/.default`,
    fromEnvironment: config.flag('authenticate_from_environment') ?? false,
  }
}

function readGcp(config: Fields): AuthMethodConfig {
  const credentials = config.text('credentials') ?? ''
  const minutes = config.whole('jwt_exp') || 15
  return {
    kind: 'gcp',
    type: readChoice(config, ['gce', 'iam']),
    role: config.requiredText('role'),
    credentials: credentials === '' ? undefined : new Secret(credentials),
    serviceAccount: config.text('service_account') || undefined,
    jwtLifeMs: minutes * 60_000,
  }
}

function readChoice<T extends string>(config: Fields, choices: readonly [T, ...T[]]): T {
  const got = config.requiredText('type')
  const choice = choices.find((each) => each === got)
  if (choice === undefined && got !== '') {
    config.report('type', choices.join(' or '), { got })
  }
  return choice ?? choices[0]
}
