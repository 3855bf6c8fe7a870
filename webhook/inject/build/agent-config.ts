/** The configuration that the agent containers get: Vault Agent's JSON keys, and a few of our own. */
import { gzipSync } from 'node:zlib'
import { annotations } from '../annotations/annotations.ts'
import { tokenAuthTypes } from '../annotations/login-annotations.ts'
import { agentDirectories } from '../kinds/path-kinds.ts'
import type { Problem } from '../problem.ts'
import type { LoginSettings } from '../settings/login-settings.ts'
import type { SecretFile } from '../settings/secret-file.ts'
import type { InjectionSettings } from '../settings/settings.ts'
import { stringifyWhole } from './patch-text.ts'
import {
  type AgentRole,
  hasHome,
  keepsState,
  locateToken,
  sharesCache,
  statePath,
} from './volumes.ts'

/** What is undefined is left out. */
type Json = Readonly<Record<string, unknown>>

/** Source: Vault Agent's configuration file; `claviger` is ours, and a stock agent ignores it. */
export interface AgentConfig {
  /** Undefined where nothing is read from the pod's own Vault. */
  readonly auto_auth:
    | {
        readonly method: Json
        readonly sink: readonly Json[] | undefined
      }
    | undefined
  readonly exit_after_auth: boolean
  readonly pid_file: string | undefined
  readonly vault: Json | undefined
  readonly template: readonly Json[] | undefined
  readonly listener: readonly Json[] | undefined
  readonly cache: Json | undefined
  readonly template_config: Json
  readonly disable_idle_connections: readonly string[] | undefined
  readonly disable_keep_alives: readonly string[] | undefined
  readonly telemetry: Json | undefined
  readonly claviger: Json | undefined
}

/** The init container's exits when everything is rendered. */
export function buildAgentConfig(settings: InjectionSettings, role: AgentRole): AgentConfig {
  const { files, templating } = settings
  return {
    auto_auth: settings.needsVault ? buildAutoAuth(settings) : undefined,
    exit_after_auth: role === 'init',
    pid_file: hasHome(settings) ? `${agentDirectories.home}/.pid` : undefined,
    vault: settings.needsVault ? buildVault(settings) : undefined,
    template: files.length === 0 ? undefined : files.map(buildTemplate),
    ...buildListener(settings),
    template_config: {
      exit_on_retry_failure: templating.exitOnRetryFailure,
      static_secret_render_interval: templating.staticInterval,
      max_connections_per_host: templating.maxConnections,
      lease_renewal_threshold: templating.renewalThreshold,
    },
    disable_idle_connections: templating.disableIdleConnections,
    disable_keep_alives: templating.disableKeepAlives,
    telemetry: settings.telemetry,
    claviger: buildOwn(settings, role),
  }
}

/** Only what differs from the agent's own defaults. */
function buildOwn(settings: InjectionSettings, role: AgentRole): Json | undefined {
  const { agent, placement, templatePolicy, volumes } = settings
  if (agent.flavour !== 'claviger') return undefined
  return {
    state_path: keepsState(settings) ? statePath : undefined,
    init_deadline: role === 'init' ? placement.initDeadline : undefined,
    generations: settings.atomicSecrets ? volumes.map(({ directory }) => directory) : undefined,
    ...(role === 'sidecar' ? buildRevocation(settings) : {}),
    hibernate: role === 'sidecar' && !settings.hibernate ? false : undefined,
    template_policy: templatePolicy === 'restricted' ? undefined : { preset: templatePolicy },
    stores: buildStores(settings),
  }
}

function buildStores({ stores: { entries } }: InjectionSettings): Json | undefined {
  if (entries.length === 0) return undefined
  return Object.fromEntries(
    entries.map(({ name, type, values }) => [name, { type, ...Object.fromEntries(values) }]),
  )
}

/** A native sidecar is stopped after the app; any other one together with it. */
function buildRevocation({ placement, revokeGrace }: InjectionSettings): Json {
  if (revokeGrace === undefined) return {}
  return { revoke_on_shutdown: true, revoke_grace: placement.native ? '0s' : `${revokeGrace}s` }
}

function buildAutoAuth(settings: InjectionSettings): AgentConfig['auto_auth'] {
  const sinks = buildSinks(settings)
  return { method: buildMethod(settings), sink: sinks.length === 0 ? undefined : sinks }
}

function buildSinks(settings: InjectionSettings): readonly Json[] {
  const home = hasHome(settings) ? [`${agentDirectories.home}/.vault-token`] : []
  const token = settings.tokenFile === undefined ? [] : [settings.tokenFile]
  return [...home, ...token].map((path) => ({ type: 'file', config: { path } }))
}

function buildMethod({ login, store, profile, token }: InjectionSettings): Json {
  const config = profile.lenient
    ? { token_path: locateToken(token), ...listParameters(login) }
    : buildMethodConfig(login, locateToken(token))
  return {
    type: login.type,
    mount_path: login.path || undefined,
    min_backoff: login.minBackoff,
    max_backoff: login.maxBackoff,
    namespace: store.namespace,
    exit_on_err: login.exitOnError || undefined,
    config,
  }
}

/** The `jwt` method reads its token from `path` and would delete the file, which a projected volume forbids. */
function buildMethodConfig(login: LoginSettings, tokenPath: string): Json {
  if (!tokenAuthTypes.includes(login.type)) return listParameters(login)
  const own = login.type === 'jwt' ? { path: tokenPath, remove_jwt_after_reading: false } : {}
  return { token_path: tokenPath, ...own, ...listParameters(login) }
}

function listParameters({ role, parameters }: LoginSettings): Json {
  return { ...Object.fromEntries(parameters), ...(role === '' ? {} : { role }) }
}

function buildVault({ store }: InjectionSettings): Json {
  return {
    address: store.address,
    ca_cert: store.caCert,
    ca_path: store.caPath,
    client_cert: store.clientCert,
    client_key: store.clientKey,
    tls_server_name: store.serverName,
    tls_skip_verify: store.skipVerify || undefined,
  }
}

function buildTemplate(file: SecretFile): Json {
  const { template, delimiters } = file
  return {
    destination: file.destination,
    ...(template.kind === 'contents' ? { contents: template.text } : {}),
    ...(template.kind === 'source' ? { source: template.path } : {}),
    ...(template.kind === 'format' ? { format: template.format, secret: template.path } : {}),
    engine: file.engine === 'go' ? undefined : file.engine,
    left_delimiter: delimiters.left,
    right_delimiter: delimiters.right,
    command: file.command,
    signal_process: file.command === undefined ? file.signalled : undefined,
    perms: file.perms,
    error_on_missing_key: file.errorOnMissingKey || undefined,
    optional: file.optional || undefined,
    max_stale: file.staleness?.max,
    max_stale_action: file.staleness?.action,
  }
}

/** Source: vault-k8s, config.go: whoever may quit the agent needs a listener, and a listener a cache. */
function buildListener(given: InjectionSettings): Pick<AgentConfig, 'listener' | 'cache'> {
  const { cache, enableQuit, port, useAutoAuthToken, exitOnError } = given.listener
  if (cache === 'none' && !enableQuit) return { listener: undefined, cache: undefined }
  const address = `127.0.0.1:${port}`
  const api = enableQuit ? { agent_api: { enable_quit: true } } : {}
  const persist = {
    type: 'kubernetes',
    path: agentDirectories.cache,
    exit_on_err: exitOnError || undefined,
  }
  const settings = {
    use_auto_auth_token: useAutoAuthToken || undefined,
    ...(sharesCache(given) ? { persist } : {}),
  }
  return {
    listener: [{ type: 'tcp', address, tls_disable: true, ...api }],
    cache: cache === 'none' ? {} : settings,
  }
}

/** What one entry of an environment can carry, name and final zero included. Source: Linux, MAX_ARG_STRLEN. */
const longestVariable = 131_072
const room = longestVariable - 'VAULT_CONFIG='.length - 1

export type EncodedConfig =
  | { readonly kind: 'ok'; readonly value: string }
  | { readonly kind: 'problem'; readonly problem: Problem }

/** The value of VAULT_CONFIG: base64 of JSON, which our own agent takes compressed too. Problem code: `config_size`. */
export function encodeAgentConfig(
  config: AgentConfig,
  { agent, prefix }: Pick<InjectionSettings, 'agent' | 'prefix'>,
): EncodedConfig {
  const threshold = config.template_config['lease_renewal_threshold']
  if (threshold !== undefined && !Number.isFinite(threshold)) return refuseThreshold(prefix)
  const json = Buffer.from(stringifyWhole(config))
  const plain = json.toString('base64')
  if (plain.length <= room) return { kind: 'ok', value: plain }
  const compressed = agent.flavour === 'claviger' ? gzipSync(json).toString('base64') : plain
  if (compressed.length <= room) return { kind: 'ok', value: compressed }
  return refuse({
    code: 'config_size',
    path: 'metadata.annotations',
    expected: `templates whose configuration fits ${room} bytes of an environment variable`,
    got: String(compressed.length),
    hint: 'agent-inject-template-file-<name> takes a template from a file',
  })
}

/** JSON has neither infinity nor NaN. */
function refuseThreshold(prefix: string): EncodedConfig {
  return refuse({
    code: 'annotation_value',
    path: prefix + annotations.renewalThreshold.key,
    expected: annotations.renewalThreshold.kind.expected,
  })
}

function refuse(problem: Problem): EncodedConfig {
  return { kind: 'problem', problem: { ...problem, stage: 'patch' } }
}
