/** What the agent was asked to do, in typed values; the keys are Vault Agent's (https://developer.hashicorp.com/vault/docs/agent-and-proxy/agent). */
import type { Backoff } from '../../core/backoff.ts'
import type { LogFormat, LogLevel } from '../../core/log.ts'
import type { EngineName, FormatName } from '../../core/template/vocabulary.ts'
import type { TraceSettings } from '../../core/tracing/trace-settings.ts'
import type { ProxyVariables } from '../../core/vault/transport.ts'
import type { AuthConfig } from './auth-config.ts'
import type { CacheConfig, ListenerConfig, ProxyConfig } from './listener-config.ts'
import type { SinkConfig } from './sink-config.ts'
import type { StoresConfig } from './store-fields.ts'
import type { TemplateLimits, TemplateRules } from './template-policy.ts'

export interface AgentConfig {
  readonly vault: VaultConfig
  /** Undefined without `auto_auth`: such an agent is a proxy, and renders what comes from other stores than Vault. */
  readonly auth: AuthConfig | undefined
  readonly sinks: readonly SinkConfig[]
  readonly templates: readonly TemplateConfig[]
  /** Process supervisor mode; given exactly when `exec` is. */
  readonly variables: readonly VariableConfig[]
  readonly exec: ExecConfig | undefined
  readonly listeners: readonly ListenerConfig[]
  readonly cache: CacheConfig | undefined
  readonly proxy: ProxyConfig
  /** End after the first complete render. Default false. */
  readonly exitAfterAuth: boolean
  /** `template_config`, and what it shares with the template server. */
  readonly templating: TemplatingConfig
  readonly pidFile: string | undefined
  readonly log: LogConfig
  readonly connections: ConnectionConfig
  readonly telemetry: TelemetryConfig
  /** Claviger's own block, `claviger`. */
  readonly own: OwnConfig
}

export interface VaultConfig {
  /** `http://`, `https://` or `unix://PATH`. */
  readonly address: string
  /** Of reads and of all that is no login; `VAULT_NAMESPACE` or `-namespace`, else `vault.namespace`, else that of the auth method. */
  readonly namespace: string | undefined
  /** Of logins and of the wrapping of sinks, where that of the auth method comes before `vault.namespace`. */
  readonly loginNamespace: string | undefined
  readonly caCertPath: string | undefined
  readonly caCertPem: string | undefined
  /** A directory of PEM files; `caCertPath` comes before it. */
  readonly caPath: string | undefined
  readonly clientCertPath: string | undefined
  readonly clientKeyPath: string | undefined
  readonly serverName: string | undefined
  readonly skipVerify: boolean
  /** Default 60 s, `VAULT_CLIENT_TIMEOUT`. */
  readonly timeoutMs: number
  /** `HTTPS_PROXY` and its like, or `VAULT_PROXY_ADDR` for all. */
  readonly proxy: ProxyVariables
  /** Default true; `VAULT_DISABLE_REDIRECTS`. */
  readonly followRedirects: boolean
  /** Requests a second and how many at once, `VAULT_RATE_LIMIT`; undefined: as many as are due. */
  readonly rateLimit: { readonly perSecond: number; readonly burst: number } | undefined
  /** Tries beyond the first of one attempt that found the store unable to answer: `VAULT_MAX_RETRIES`, default 2. */
  readonly httpRetries: number
}

export interface TemplatingConfig {
  /** `exit_on_retry_failure`: end with an error when the retries run out. Default false. */
  readonly exitOnRetryFailure: boolean
  /** Whether `exitOnRetryFailure` also holds once everything has been rendered. Default true, with a `claviger` block false; `claviger.exit_on_refresh_failure`. */
  readonly exitOnRefreshFailure: boolean
  /** How often secrets without a lease are read again, milliseconds. Default 5 min. */
  readonly staticIntervalMs: number
  /** Part of a lease that cannot be renewed after which it is read again. Default 0.9. */
  readonly renewalThreshold: number
  /** Connections to the store at one time. Default 10. */
  readonly maxConnections: number
  /** `vault.retry.num_retries`: attempts after the first before the retries have run out. Default 12 (0 too); negative: none. */
  readonly retries: number
  /** Of reads and lease renewals. Default 250 ms to 1 min; `min_backoff` and `max_backoff` of the auth method where they are given. */
  readonly backoff: Backoff
}

export interface TemplateConfig extends TemplateText {
  /** What messages call it: its destination. */
  readonly destination: string
  readonly file: FileOptions
  /** What is run after the file has changed. */
  readonly command: CommandConfig | undefined
  /** A secret that does not exist keeps nothing waiting: the file is written once it does. Default false; Claviger's own key. */
  readonly optional: boolean
  /** `wait`: how long a change is held back for others to join it; undefined: not at all. */
  readonly wait: { readonly minMs: number; readonly maxMs: number } | undefined
  /** Claviger's own keys `max_stale` and `max_stale_action`; undefined: the file stays as long as it must. */
  readonly staleness: StalenessConfig | undefined
}

/** A template before it is known where its output goes. */
export interface TemplateText {
  readonly body: TemplateBody
  /** Of `contents` and `source`. */
  readonly engine: EngineName
  readonly leftDelimiter: string
  readonly rightDelimiter: string
  readonly errorOnMissingKey: boolean
  /** False: a template that fails is logged and passed over, and keeps nobody from going on. Default true. */
  readonly errorFatal: boolean
  readonly limits: TemplateLimits
}

export type TemplateBody =
  | { readonly kind: 'contents'; readonly text: string }
  | { readonly kind: 'source'; readonly path: string }
  /** No template: the secret at `path` as it is. */
  | { readonly kind: 'format'; readonly format: FormatName; readonly path: string }

export interface FileOptions {
  /** Undefined: the mode of the existing file, else 0644. */
  readonly mode: number | undefined
  /** Missing parents are made with 0755. Default true. */
  readonly createDirectories: boolean
  /** Name or number; undefined: those of the existing file, else the agent's own. */
  readonly user: string | undefined
  readonly group: string | undefined
  /** Keeps the file that is replaced as `<destination>.bak`. Default false. */
  readonly backup: boolean
}

/** A program, or Claviger's own: a signal to a process of the pod. */
export type CommandConfig = ProgramConfig | SignalConfig

export interface SignalConfig {
  /** Default SIGHUP. */
  readonly signal: NodeJS.Signals
  /** The name of its program, without a directory; every process of that name gets it. */
  readonly process: string
}

export interface ProgramConfig {
  /** A program and its arguments; a single word with white space in it runs in `sh -c`. */
  readonly words: readonly string[]
  /** Default 30 s. */
  readonly timeoutMs: number
}

export interface StalenessConfig {
  /** How long after its last good answer a secret counts as fresh enough, milliseconds. */
  readonly maxMs: number
  readonly action: 'keep' | 'remove' | 'exit'
}

/** `env_template`: one variable of the child process. */
export interface VariableConfig extends TemplateText {
  readonly name: string
}

export interface ExecConfig {
  /** As `ProgramConfig.words`. */
  readonly words: readonly string[]
  /** `restart_on_secret_changes`. Default true. */
  readonly restartOnChange: boolean
  /** `restart_stop_signal`. Default SIGTERM. */
  readonly stopSignal: NodeJS.Signals
}

export interface LogConfig {
  readonly choice: { readonly level: LogLevel; readonly format: LogFormat }
  /** A file, or a directory with its final slash, that the log goes to beside standard error. */
  readonly file: string | undefined
  /** 0: size does not matter. */
  readonly rotateBytes: number
  /** Default 24 h. */
  readonly rotateMs: number
  /** 0: all are kept; negative: none. */
  readonly rotateMaxFiles: number
}

export const subsystems = ['auto-auth', 'caching', 'proxying', 'templating'] as const
export type Subsystem = (typeof subsystems)[number]

export interface ConnectionConfig {
  /** `disable_idle_connections`. */
  readonly withoutIdle: ReadonlySet<Subsystem>
  /** `disable_keep_alives`. */
  readonly withoutKeepAlive: ReadonlySet<Subsystem>
}

export interface TelemetryConfig {
  /** Milliseconds, default 24 h; undefined: `telemetry` is not given or says 0, and `/agent/v1/metrics?format=prometheus` answers 400. */
  readonly prometheusRetentionMs: number | undefined
  /** `metrics_prefix`. Default `vault`. */
  readonly prefix: string
  readonly disableHostname: boolean
  readonly enableHostnameLabel: boolean
}

export interface OwnConfig extends StoresConfig {
  /** Where token and leases outlive the process; undefined keeps them in memory. `claviger.state_path`, else in `cache.persist.path`. */
  readonly statePath: string | undefined
  /** `claviger.template_policy`. Default: nothing but the stores; without a `claviger` block all that Vault Agent allows. */
  readonly templateRules: TemplateRules
  /** How long an agent that exits after rendering may take, milliseconds; undefined: as long as it takes. `claviger.init_deadline`. */
  readonly initDeadlineMs: number | undefined
  /** Whether the token is revoked when the agent is stopped. Default false; `claviger.revoke_on_shutdown`. */
  readonly revokeOnShutdown: boolean
  /** How long the agent goes on after SIGTERM before it revokes, milliseconds. Default 0; `claviger.revoke_grace`. */
  readonly revokeGraceMs: number
  /** Directories whose files switch together, through a link to the directory of their generation. Default none; `claviger.generations`. */
  readonly generations: readonly string[]
  /** Whether the process may end between two steps where something starts it again. Default true; `claviger.hibernate`. */
  readonly hibernate: boolean
  /** Whether configuration and templates count as soon as their files change: there is a block `claviger`. */
  readonly watchFiles: boolean
  /** Where spans go; undefined: nowhere. `claviger.traces`, or OpenTelemetry's own variables. */
  readonly traces: TraceSettings | undefined
}
