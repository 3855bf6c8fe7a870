/** What the agent was asked to do, in typed values; the keys are Vault Agent's (https://developer.hashicorp.com/vault/docs/agent-and-proxy/agent). */
import type { Backoff } from '../../core/backoff.ts'
import type { EngineName, FormatName } from '../../core/template/vocabulary.ts'
import type { ProxyVariables } from '../../core/vault/transport.ts'
import type { TemplateLimits, TemplateRules } from './template-policy.ts'

export interface AgentConfig {
  readonly vault: VaultConfig
  readonly auth: AuthConfig
  readonly sinks: readonly SinkConfig[]
  readonly templates: readonly TemplateConfig[]
  /** End after the first complete render. Default false. */
  readonly exitAfterAuth: boolean
  /** `template_config.exit_on_retry_failure`: end with an error when the retries before the first render run out. Default false. */
  readonly exitOnRetryFailure: boolean
  /** How often secrets without a lease are read again, milliseconds. Default 5 min. */
  readonly staticIntervalMs: number
  /** Part of a lease that cannot be renewed after which it is read again. Default 0.9. */
  readonly renewalThreshold: number
  /** `vault.retry.num_retries`: reads tried again before the first render is given up. Default 12 (0 too); negative: none. */
  readonly readRetries: number
  readonly pidFile: string | undefined
  /** Where token and leases outlive the process; undefined keeps them in memory. Claviger's own key, `claviger.state_path`. */
  readonly statePath: string | undefined
  /** `claviger.template_policy`. Default: nothing but the stores. */
  readonly templateRules: TemplateRules
  /** How long an agent that exits after rendering may take, milliseconds; undefined: as long as it takes. Claviger's own key, `claviger.init_deadline`. */
  readonly initDeadlineMs: number | undefined
}

export interface VaultConfig {
  readonly address: string
  readonly namespace: string | undefined
  readonly caCertPath: string | undefined
  readonly caCertPem: string | undefined
  readonly clientCertPath: string | undefined
  readonly clientKeyPath: string | undefined
  readonly serverName: string | undefined
  readonly skipVerify: boolean
  /** Default 60 s, `VAULT_CLIENT_TIMEOUT`. */
  readonly timeoutMs: number
  /** `HTTPS_PROXY` and its like. */
  readonly proxy: ProxyVariables
}

export interface AuthConfig {
  readonly kind: 'kubernetes' | 'jwt'
  /** With its leading `auth/`, without slashes at the ends. */
  readonly mountPath: string
  readonly role: string
  readonly jwtPath: string
  /** The jwt method deletes its file after reading unless told otherwise; kubernetes never does. */
  readonly removeJwt: boolean
  readonly backoff: Backoff
  /** Give up after the first failed login. Default false. */
  readonly exitOnError: boolean
}

/** A file that receives the token. */
export interface SinkConfig {
  readonly path: string
  /** Default 0640. */
  readonly mode: number
}

export interface TemplateConfig {
  /** What messages call it: its destination. */
  readonly destination: string
  readonly body: TemplateBody
  /** Of `contents` and `source`. */
  readonly engine: EngineName
  readonly leftDelimiter: string
  readonly rightDelimiter: string
  /** Undefined: the mode of the existing file, else 0644. */
  readonly mode: number | undefined
  /** Default true. */
  readonly createDirectories: boolean
  readonly errorOnMissingKey: boolean
  readonly limits: TemplateLimits
  /** A secret that does not exist keeps nothing waiting: the file is written once it does. Default false; Claviger's own key. */
  readonly optional: boolean
}

export type TemplateBody =
  | { readonly kind: 'contents'; readonly text: string }
  | { readonly kind: 'source'; readonly path: string }
  /** No template: the secret at `path` as it is. */
  | { readonly kind: 'format'; readonly format: FormatName; readonly path: string }
