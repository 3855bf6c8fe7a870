/** Arguments and environment as the guard's configuration, or everything that is wrong with them. */
import type { Parsed } from '../../core/issue.ts'
import type { LogFormat, LogLevel } from '../../core/log.ts'
import type { Environment } from '../config/arguments.ts'
import { FlagReader } from '../config/flag-reader.ts'
import type { ListenAddress } from '../config/kinds.ts'
import { findProfile, type Profile } from '../inject/profiles.ts'
import { guardFlagRows, guardFlags } from './flags.ts'

export interface GuardConfig {
  readonly listen: ListenAddress
  readonly evict: boolean
  readonly evictionsPerMinute: number
  readonly graceMs: number
  /** Empty for the one of the ServiceAccount. */
  readonly namespace: string
  readonly profile: Profile
  readonly logLevel: LogLevel
  readonly logFormat: LogFormat
}

/** `args` follow the subcommand. Issue codes: `flag`, `flag_unknown`, `flag_missing`. */
export function readGuardConfig(args: readonly string[], env: Environment): Parsed<GuardConfig> {
  const reader = new FlagReader({ args, env, rows: guardFlagRows })
  const config: GuardConfig = {
    listen: reader.read(guardFlags.listen, { host: undefined, port: 0 }),
    evict: reader.read(guardFlags.evict, 'false') === 'true',
    evictionsPerMinute: reader.read(guardFlags.evictionsPerMinute, 1),
    graceMs: reader.read(guardFlags.grace, 0),
    namespace: reader.read(guardFlags.namespace, ''),
    profile: findProfile(reader.read(guardFlags.profile, '')),
    logLevel: reader.read(guardFlags.logLevel, 'info'),
    logFormat: reader.read(guardFlags.logFormat, 'standard'),
  }
  const { issues } = reader
  return issues.length === 0 ? { kind: 'ok', value: config } : { kind: 'issues', issues }
}
