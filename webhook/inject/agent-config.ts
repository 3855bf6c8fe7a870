/** The configuration that the agent containers get: Vault Agent's JSON keys, and one key of our own. */
import type { SecretFile } from './secrets.ts'
import type { LoginSettings } from './settings/login.ts'
import type { InjectionSettings } from './settings.ts'
import { locateToken, statePath } from './volumes.ts'

/** Source: Vault Agent's configuration file; `claviger` is ours, and a stock agent ignores it. What is undefined is left out. */
export interface AgentConfig {
  readonly auto_auth: {
    readonly method: {
      readonly type: string
      readonly mount_path: string
      readonly min_backoff: string | undefined
      readonly max_backoff: string | undefined
      readonly exit_on_err: boolean | undefined
      readonly config: Readonly<Record<string, string | boolean>>
    }
    readonly sink: readonly AgentSink[] | undefined
  }
  readonly exit_after_auth: boolean
  readonly vault: {
    readonly address: string
    readonly namespace: string | undefined
    readonly ca_cert: string | undefined
    readonly client_cert: string | undefined
    readonly client_key: string | undefined
    readonly tls_server_name: string | undefined
    readonly tls_skip_verify: boolean | undefined
  }
  readonly template: readonly AgentTemplate[] | undefined
  readonly template_config: {
    readonly exit_on_retry_failure: boolean
    readonly static_secret_render_interval: string | undefined
    readonly lease_renewal_threshold: number | undefined
  }
  readonly claviger: { readonly state_path: string }
}

interface AgentSink {
  readonly type: 'file'
  readonly config: { readonly path: string }
}

interface AgentTemplate {
  readonly destination: string
  readonly contents?: string
  readonly source?: string
  readonly left_delimiter: string
  readonly right_delimiter: string
  readonly perms: string | undefined
  readonly error_on_missing_key: boolean | undefined
}

/** `init` is the configuration of the init container, which exits when everything is rendered. */
export function buildAgentConfig(
  { store, login, token, files, templating, tokenFile }: InjectionSettings,
  { init }: { readonly init: boolean },
): AgentConfig {
  return {
    auto_auth: {
      method: {
        type: login.type,
        mount_path: login.path,
        min_backoff: login.minBackoff,
        max_backoff: login.maxBackoff,
        exit_on_err: login.exitOnError || undefined,
        config: buildMethodConfig(login, locateToken(token)),
      },
      sink: tokenFile === undefined ? undefined : [{ type: 'file', config: { path: tokenFile } }],
    },
    exit_after_auth: init,
    vault: {
      address: store.address,
      namespace: store.namespace,
      ca_cert: store.caCert,
      client_cert: store.clientCert,
      client_key: store.clientKey,
      tls_server_name: store.serverName,
      tls_skip_verify: store.skipVerify || undefined,
    },
    template: files.length === 0 ? undefined : files.map(buildTemplate),
    template_config: {
      exit_on_retry_failure: templating.exitOnRetryFailure,
      static_secret_render_interval: templating.staticInterval,
      lease_renewal_threshold: templating.renewalThreshold,
    },
    claviger: { state_path: statePath },
  }
}

/** The `jwt` method reads its token from `path` and would delete the file, which a projected volume forbids. */
function buildMethodConfig(
  { type, role, parameters }: LoginSettings,
  tokenPath: string,
): Readonly<Record<string, string | boolean>> {
  const common = { role, token_path: tokenPath }
  const own =
    type === 'jwt' ? { ...common, path: tokenPath, remove_jwt_after_reading: false } : common
  return { ...own, ...Object.fromEntries(parameters) }
}

function buildTemplate({
  destination,
  template,
  delimiters,
  perms,
  errorOnMissingKey,
}: SecretFile): AgentTemplate {
  return {
    destination,
    ...(template.kind === 'contents' ? { contents: template.text } : { source: template.path }),
    left_delimiter: delimiters.left,
    right_delimiter: delimiters.right,
    perms,
    error_on_missing_key: errorOnMissingKey || undefined,
  }
}

/** The value of VAULT_CONFIG. */
export function encodeAgentConfig(config: AgentConfig): string {
  return Buffer.from(JSON.stringify(config)).toString('base64')
}
