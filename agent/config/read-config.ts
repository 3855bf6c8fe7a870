/** Vault Agent's configuration, command line and environment as an AgentConfig, or all problems at once. */
import type { Issue, Parsed } from '../../core/issue.ts'
import type { JsonObject } from '../../core/json.ts'
import type { AgentFlags } from '../flags.ts'
import type { AgentConfig } from './agent-config.ts'
import { readAuth } from './auth-fields.ts'
import { unifyShapes } from './block-shapes.ts'
import { readCache, readProxy } from './cache-fields.ts'
import { checkConfig } from './check-config.ts'
import { checkKeys } from './check-keys.ts'
import { readConnections } from './connection-fields.ts'
import { readExec, readVariables } from './exec-fields.ts'
import { Fields, isWarning } from './fields.ts'
import { readJsonText } from './json-text.ts'
import { readListener } from './listener-fields.ts'
import { readLog } from './log-fields.ts'
import { readOwn } from './own-fields.ts'
import { type Environment, Settings } from './settings.ts'
import { readSink } from './sink-fields.ts'
import { readTelemetry } from './telemetry-fields.ts'
import { readTemplate } from './template-fields.ts'
import { readTemplating } from './templating-fields.ts'
import { readVault } from './vault-fields.ts'

export interface LoadedConfig {
  readonly config: AgentConfig
  /** About what serves and was perhaps not meant so. */
  readonly warnings: readonly Issue[]
}

/** `text` is a JSON configuration. Issue codes: `config`, in warnings `config_warning`. */
export function readConfig(
  text: string,
  environment: Environment,
  flags: AgentFlags = {},
): Parsed<LoadedConfig> {
  const parsed = readJsonText(text, 'configuration')
  if (parsed.kind === 'issues') return parsed
  return readTree(unifyShapes(parsed.value), new Settings(flags, environment))
}

/** The same of blocks whose shapes are unified. */
export function readTree(root: JsonObject, settings: Settings): Parsed<LoadedConfig> {
  const found: Issue[] = []
  const fields = new Fields(root, '', found)
  const config = readFields(fields, settings)
  checkKeys(fields)
  checkConfig(config, fields)
  const unique = [...new Map(found.map((issue) => [JSON.stringify(issue), issue])).values()]
  const warnings = unique.filter(isWarning)
  const errors = unique.filter((issue) => !isWarning(issue))
  // A key that nobody knows is often why another is missing.
  if (errors.length > 0) return { kind: 'issues', issues: [...errors, ...warnings] }
  return { kind: 'ok', value: { config, warnings } }
}

function readFields(root: Fields, settings: Settings): AgentConfig {
  const autoAuth = root.block('auto_auth')
  const cache = readCache(root)
  return {
    vault: readVault(root, settings, autoAuth.block('method').text('namespace')),
    auth: root.has('auto_auth') ? readAuth(autoAuth) : undefined,
    sinks: autoAuth.blocks('sink').map(readSink),
    templates: root.blocks('template').map(readTemplate),
    variables: readVariables(root),
    exec: readExec(root),
    listeners: root.blocks('listener').map(readListener),
    cache,
    proxy: readProxy(root),
    exitAfterAuth: settings.flags['exit-after-auth'] ?? root.strictFlag('exit_after_auth') ?? false,
    templating: readTemplating(root),
    pidFile: root.text('pid_file') || undefined,
    log: readLog(root, settings),
    connections: readConnections(root, settings),
    telemetry: readTelemetry(root),
    own: readOwn(root, cache, settings.environment),
  }
}
