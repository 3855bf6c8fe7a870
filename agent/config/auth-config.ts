/** How the agent logs in: the block `auto_auth.method`. */
import type { Backoff } from '../../core/backoff.ts'
import type { AwsKeys } from '../../core/cloud/aws-keys.ts'
import type { Secret } from '../../core/secret.ts'

export interface AuthConfig {
  readonly method: AuthMethodConfig
  /** With its leading `auth/`, without slashes at the ends. */
  readonly mountPath: string
  /** The login's answer is wrapped for that long, milliseconds; undefined: it is not. */
  readonly wrapTtlMs: number | undefined
  /** Between failed logins. Default 1 s to 5 min. */
  readonly backoff: Backoff
  /** Give up after the first failed login. Default false. */
  readonly exitOnError: boolean
  /** `enable_reauth_on_new_credentials`: new credentials on disk are a reason to log in. Default false. */
  readonly reauthOnNewCredentials: boolean
}

export type AuthMethodConfig =
  | KubernetesConfig
  | JwtConfig
  | ApproleConfig
  | CertConfig
  | TokenFileConfig
  | LdapConfig
  | AwsConfig
  | AzureConfig
  | GcpConfig

export interface KubernetesConfig {
  readonly kind: 'kubernetes'
  readonly role: string
  readonly tokenPath: string
}

export interface JwtConfig {
  readonly kind: 'jwt'
  readonly role: string
  readonly path: string
  /** Default true. */
  readonly remove: boolean
  /** Whether a link's target is removed instead of the link. Default false. */
  readonly removeFollowsLinks: boolean
}

export interface ApproleConfig {
  readonly kind: 'approle'
  readonly roleIdPath: string
  readonly secretIdPath: string | undefined
  /** Default true. */
  readonly removeSecretId: boolean
  /** Where the wrapping token of a wrapped secret id must have been made. */
  readonly wrappingPath: string | undefined
}

export interface CertConfig {
  readonly kind: 'cert'
  /** The role; undefined: any that fits. */
  readonly name: string | undefined
  readonly caCertPath: string | undefined
  readonly clientCertPath: string | undefined
  readonly clientKeyPath: string | undefined
  readonly reload: boolean
}

export interface TokenFileConfig {
  readonly kind: 'token_file'
  readonly path: string
}

export interface LdapConfig {
  readonly kind: 'ldap'
  readonly username: string
  readonly passwordPath: string
  /** Default true. */
  readonly remove: boolean
  /** Whether a link's target is removed instead of the link. Default false. */
  readonly removeFollowsLinks: boolean
}

export interface AwsConfig {
  readonly kind: 'aws'
  /** With a signed request that names a principal, or as an instance. */
  readonly type: 'iam' | 'ec2'
  readonly role: string
  /** Undefined: those of the environment, of the pod or of the machine. */
  readonly keys: AwsKeys | undefined
  /** Of the STS that the signed request is for. Default us-east-1. */
  readonly region: string
  /** `X-Vault-AWS-IAM-Server-ID`. */
  readonly headerValue: string | undefined
  /** For logins as an instance; undefined: one is made up and remembered. */
  readonly nonce: string | undefined
}

export interface AzureConfig {
  readonly kind: 'azure'
  readonly role: string
  readonly resource: string
  /** Which of the machine's identities; at most one of the two. */
  readonly objectId: string | undefined
  readonly clientId: string | undefined
  /** Default `<resource>/.default`. */
  readonly scope: string
  /** The identity of the pod or of a service principal, by its `AZURE_*` variables. Default false: that of the machine. */
  readonly fromEnvironment: boolean
}

export interface GcpConfig {
  readonly kind: 'gcp'
  readonly type: 'gce' | 'iam'
  readonly role: string
  /** JSON of Google's own, or the path of a file with it; undefined: those of the environment or of the machine. */
  readonly credentials: Secret | undefined
  readonly serviceAccount: string | undefined
  /** Default 15 min. */
  readonly jwtLifeMs: number
}
