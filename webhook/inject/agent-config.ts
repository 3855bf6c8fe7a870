/** The configuration that the agent containers get: Vault Agent's JSON keys, and one key of our own. */
import type { InjectionSettings } from './settings.ts'
import { statePath, tokenPath } from './volumes.ts'

/** Source: Vault Agent's configuration file; `claviger` is ours, and a stock agent ignores it. */
export interface AgentConfig {
  readonly auto_auth: {
    readonly method: {
      readonly type: string
      readonly mount_path: string
      readonly config: Readonly<Record<string, string | boolean>>
    }
  }
  readonly exit_after_auth: boolean
  readonly vault: { readonly address: string }
  readonly template?: readonly AgentTemplate[]
  readonly template_config: {
    readonly exit_on_retry_failure: boolean
    readonly static_secret_render_interval?: string
  }
  readonly claviger: { readonly state_path: string }
}

interface AgentTemplate {
  readonly destination: string
  readonly contents: string
  readonly left_delimiter: string
  readonly right_delimiter: string
  readonly perms?: string
}

/** `init` is the configuration of the init container, which exits when everything is rendered. */
export function buildAgentConfig(
  { address, auth, files, staticInterval }: InjectionSettings,
  { init }: { readonly init: boolean },
): AgentConfig {
  return {
    auto_auth: {
      method: { type: auth.type, mount_path: auth.path, config: buildMethodConfig(auth) },
    },
    exit_after_auth: init,
    vault: { address },
    ...(files.length === 0
      ? {}
      : {
          template: files.map(({ destination, contents, perms }) => ({
            destination,
            contents,
            left_delimiter: '{{',
            right_delimiter: '}}',
            ...(perms === undefined ? {} : { perms }),
          })),
        }),
    template_config: {
      exit_on_retry_failure: true,
      ...(staticInterval === undefined ? {} : { static_secret_render_interval: staticInterval }),
    },
    claviger: { state_path: statePath },
  }
}

/** The `jwt` method reads its token from `path` and would delete the file, which a projected volume forbids. */
function buildMethodConfig({
  type,
  role,
}: InjectionSettings['auth']): Readonly<Record<string, string | boolean>> {
  const config = { role, token_path: tokenPath }
  return type === 'jwt' ? { ...config, path: tokenPath, remove_jwt_after_reading: false } : config
}

/** The value of VAULT_CONFIG. */
export function encodeAgentConfig(config: AgentConfig): string {
  return Buffer.from(JSON.stringify(config)).toString('base64')
}
