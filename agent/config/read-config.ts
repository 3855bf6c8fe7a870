/** Vault Agent's JSON configuration and the environment, parsed into an AgentConfig or all problems at once. */
import type { Issue, Parsed } from '../../core/issue.ts'
import { JsonSyntaxError, type JsonValue, parseJson } from '../../core/json.ts'
import type { AgentConfig, SinkConfig, TemplateConfig } from './agent-config.ts'
import { readAuth } from './auth-fields.ts'
import { Fields } from './fields.ts'
import { readBody, readEngine } from './template-fields.ts'
import { readTemplateRules } from './template-policy.ts'
import { type Environment, readVault } from './vault-fields.ts'

const fiveMinutes = 300_000

/** `text` is the JSON configuration; `VAULT_*` variables of the environment beat the file where Vault says so. */
export function readConfig(text: string, environment: Environment): Parsed<AgentConfig> {
  const root = parseRoot(text)
  if (root === undefined) {
    const hint = 'HCL is not read; write the configuration as JSON'
    return problem({ code: 'config', path: 'configuration', expected: 'a JSON object', hint })
  }
  const issues: Issue[] = []
  const fields = new Fields(root, '', issues)
  const config = readFields(fields, environment)
  if (config.templates.length === 0 && config.sinks.length === 0) {
    fields.report('template', 'at least one template, or a sink in auto_auth')
  }
  return issues.length === 0 ? { kind: 'ok', value: config } : { kind: 'issues', issues }
}

function readFields(fields: Fields, environment: Environment): AgentConfig {
  const templating = fields.block('template_config')
  const autoAuth = fields.block('auto_auth')
  const vault = fields.block('vault')
  const own = fields.block('claviger')
  if (!fields.has('auto_auth')) fields.report('auto_auth', 'a block that says how to log in')
  return {
    vault: readVault(vault, environment, autoAuth.block('method').text('namespace')),
    auth: readAuth(autoAuth),
    sinks: autoAuth.blocks('sink').map(readSink),
    templates: fields.blocks('template').map(readTemplate),
    exitAfterAuth: fields.flag('exit_after_auth') ?? false,
    exitOnRetryFailure: templating.flag('exit_on_retry_failure') ?? false,
    staticIntervalMs: templating.duration('static_secret_render_interval') || fiveMinutes,
    renewalThreshold: templating.fraction('lease_renewal_threshold') ?? 0.9,
    readRetries: vault.block('retry').whole('num_retries') || 12,
    pidFile: fields.text('pid_file'),
    statePath: own.text('state_path'),
    templateRules: readTemplateRules(own.block('template_policy')),
    initDeadlineMs: own.duration('init_deadline') || undefined,
  }
}

function readSink(sink: Fields): SinkConfig {
  const type = sink.text('type')
  if (type !== 'file') sink.report('type', '"file"')
  const config = sink.block('config')
  return { path: config.requiredText('path'), mode: config.mode('mode') ?? 0o640 }
}

function readTemplate(template: Fields): TemplateConfig {
  return {
    destination: template.requiredText('destination'),
    body: readBody(template),
    engine: readEngine(template),
    leftDelimiter: template.text('left_delimiter') || '{{',
    rightDelimiter: template.text('right_delimiter') || '}}',
    mode: template.mode('perms') || undefined,
    createDirectories: template.flag('create_dest_dirs') ?? true,
    errorOnMissingKey: template.flag('error_on_missing_key') ?? false,
    limits: {
      deniedFunctions: template.texts('function_denylist') ?? [],
      sandboxPath: template.text('sandbox_path') || undefined,
    },
    optional: template.flag('optional') ?? false,
  }
}

function parseRoot(text: string): ReadonlyMap<string, JsonValue> | undefined {
  try {
    const root = parseJson(text)
    return root instanceof Map ? root : undefined
  } catch (thrown) {
    if (thrown instanceof JsonSyntaxError) return undefined
    throw thrown
  }
}

function problem(issue: Issue): Parsed<AgentConfig> {
  return { kind: 'issues', issues: [issue] }
}
