/** Arguments and environment as the webhook's configuration, or everything that is wrong with them. */
import type { Parsed } from '../../core/issue.ts'
import type { LogFormat, LogLevel } from '../../core/log.ts'
import type { WebhookDefaults } from '../inject/profiles.ts'
import { readAgentDefaults } from './agent-defaults.ts'
import type { Environment } from './arguments.ts'
import { FlagReader } from './flag-reader.ts'
import { flagRows, flags } from './flags.ts'
import type { ListenAddress } from './kinds.ts'
import { readTls, type TlsConfig } from './tls-config.ts'

export interface WebhookConfig {
  readonly listen: ListenAddress
  readonly logLevel: LogLevel
  readonly logFormat: LogFormat
  readonly defaults: WebhookDefaults
  readonly tls: TlsConfig
  /** Empty for nowhere. */
  readonly telemetryPath: string
  readonly metricsListen: ListenAddress | undefined
  readonly drainDelayMs: number
  /** Empty for no policy. */
  readonly policyFile: string
  /** With the CA of the store; empty for none. */
  readonly storeCaFile: string
  readonly watchNamespaces: boolean
  /** Empty for the one of the ServiceAccount. */
  readonly namespace: string
  /** Whether a leader election was asked for, which there is no need of. */
  readonly wantsLeader: boolean
}

/** `args` follow the subcommand. Issue codes: `flag`, `flag_unknown`, `flag_missing`. */
export function readConfig(args: readonly string[], env: Environment): Parsed<WebhookConfig> {
  const reader = new FlagReader({ args, env, rows: flagRows, profile: flags.profile })
  const config: WebhookConfig = {
    listen: reader.read(flags.listen, { host: undefined, port: 0 }),
    logLevel: reader.read(flags.logLevel, 'info'),
    logFormat: reader.read(flags.logFormat, 'standard'),
    defaults: readAgentDefaults(reader),
    tls: readTls(reader),
    telemetryPath: reader.read(flags.telemetryPath, ''),
    metricsListen: reader.read(flags.metricsListen, null) ?? undefined,
    drainDelayMs: reader.read(flags.drainDelay, 0),
    policyFile: reader.read(flags.policyFile, ''),
    storeCaFile: readStoreCaFile(reader),
    watchNamespaces: reader.read(flags.watchNamespaces, 'false') === 'true',
    namespace: reader.find(flags.namespace).text ?? '',
    wantsLeader: reader.read(flags.useLeaderElector, '') === 'true',
  }
  const { issues } = reader
  return issues.length === 0 ? { kind: 'ok', value: config } : { kind: 'issues', issues }
}

function readStoreCaFile(reader: FlagReader): string {
  const file = reader.read(flags.vaultCaFile, '')
  if (file !== '' && (reader.find(flags.vaultCaCert).text ?? '') !== '') {
    reader.refuse(flags.vaultCaFile, 'no file, as -vault-cacert-bytes is given')
  }
  return file
}
