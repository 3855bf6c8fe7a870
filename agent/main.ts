/** The agent program: reads its configuration, puts the parts together and runs them. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { systemClock } from '../core/clock.ts'
import { AppError, toAppError } from '../core/errors.ts'
import { type FlagValues, parseFlags } from '../core/go-flags.ts'
import { formatIssue, type Issue, type Parsed } from '../core/issue.ts'
import { createLogger, errorFields, type Logger } from '../core/log.ts'
import { parseLogChoice } from '../core/log-options.ts'
import { createLocalSource } from '../core/machine/local-source.ts'
import { systemRandomness } from '../core/machine/system-randomness.ts'
import { createVaultClient } from '../core/vault/client.ts'
import { createTransport } from '../core/vault/transport.ts'
import { version } from '../core/version.ts'
import { compileTemplates } from './compile-templates.ts'
import type { AgentConfig } from './config/agent-config.ts'
import { decodeConfig } from './config/encoded-config.ts'
import { readConfig } from './config/read-config.ts'
import { readTls } from './config/read-tls.ts'
import { templateEnvironment } from './config/template-policy.ts'
import { createJwtReader } from './files/jwt-file.ts'
import { createStateFile, createStateMemory } from './files/state-file.ts'
import { agentFlags, agentHelp } from './flags.ts'
import { runAgent } from './run.ts'
import type { Machine } from './step/ports.ts'
import { createStep } from './step/step.ts'
import { createVaultPorts } from './step/vault-ports.ts'

type Flags = FlagValues<typeof agentFlags>

async function main(words: readonly string[]): Promise<number> {
  const [verb, ...others] = words[0] === 'agent' ? words : ['agent', ...words]
  const parsed = parseFlags(agentFlags, verb === 'agent' ? others : words, process.env)
  if (parsed.kind === 'issues') return refuse(parsed.issues)
  const { flags, rest } = parsed.value
  if (flags.help === true) return print(agentHelp)
  if (flags.version === true) return print(`${version}\n`)
  if (rest.length > 0) {
    const hint = '--help shows the usage'
    return refuse([
      { code: 'usage', path: 'command line', expected: 'only flags after agent', hint },
    ])
  }
  const choice = parseLogChoice(flags['log-level'], flags['log-format'])
  if (choice.kind === 'issues') return refuse(choice.issues)
  const write = (line: string) => process.stderr.write(line)
  const logger = createLogger({ ...choice.value, write, now: systemClock.now })
  try {
    return await run(flags, logger)
  } catch (thrown) {
    logger.error('agent failed', errorFields(thrown))
    return thrown instanceof AppError ? thrown.exitCode : 70
  }
}

async function run(flags: Flags, logger: Logger): Promise<number> {
  const parsed = configure(flags)
  if (parsed.kind === 'issues') {
    for (const issue of parsed.issues)
      logger.error('configuration refused', { problem: formatIssue(issue) })
    return new AppError('config_invalid').exitCode
  }
  const config = parsed.value
  const { policy } = config.templateRules
  const { templates, errors } = compileTemplates(config.templates, policy)
  for (const error of errors) logger.error('template refused', errorFields(error))
  const [firstError] = errors
  if (firstError !== undefined) return firstError.exitCode
  if (config.vault.skipVerify) logger.warn('certificate of the store is not verified')
  const step = createStep(connect(config), templates)
  const stateStore =
    config.statePath === undefined ? createStateMemory() : createStateFile(config.statePath)
  return withPidFile(config.pidFile, () =>
    runAgent({ config, step, stateStore, clock: systemClock, logger, stop: stopSignal() }),
  )
}

function configure(flags: Flags): Parsed<AgentConfig> {
  const parsed = readConfig(configText(flags.config), process.env)
  const exitAfterAuth = flags['exit-after-auth']
  if (parsed.kind === 'issues' || exitAfterAuth === undefined) return parsed
  return { kind: 'ok', value: { ...parsed.value, exitAfterAuth } }
}

function configText(path: string | undefined): string {
  if (path !== undefined) {
    try {
      return readFileSync(path, 'utf8')
    } catch (thrown) {
      throw toAppError(thrown, 'config_invalid', { path })
    }
  }
  const encoded = process.env['VAULT_CONFIG']
  if (encoded !== undefined && encoded !== '') return decodeConfig(encoded)
  throw new AppError('config_invalid', { reason: 'neither -config nor VAULT_CONFIG is given' })
}

function connect(config: AgentConfig) {
  const { vault, auth } = config
  const transport = createTransport(readTls(vault))
  const { address, namespace } = vault
  const client = createVaultClient({
    address,
    transport,
    ...(namespace === undefined ? {} : { namespace }),
  })
  return createVaultPorts(auth, {
    client,
    readJwt: createJwtReader(auth),
    clock: systemClock,
    machine: createMachine(config),
  })
}

function createMachine({ templateRules }: AgentConfig): Machine {
  const environment = templateEnvironment(templateRules, process.env)
  const path = process.env['PATH'] === undefined ? {} : { PATH: process.env['PATH'] }
  return {
    ...createLocalSource({ ...path, ...Object.fromEntries(environment) }),
    environment,
    random: systemRandomness,
    elapsed: () => performance.now(),
  }
}

async function withPidFile(path: string | undefined, work: () => Promise<number>): Promise<number> {
  if (path === undefined) return work()
  try {
    writeFileSync(path, `${process.pid}\n`, { mode: 0o600 })
  } catch (thrown) {
    throw toAppError(thrown, 'write_failed', { path })
  }
  try {
    return await work()
  } finally {
    rmSync(path, { force: true })
  }
}

function stopSignal(): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => controller.abort())
  }
  return controller.signal
}

function refuse(issues: readonly Issue[]): number {
  for (const issue of issues) process.stderr.write(`${formatIssue(issue)}\n`)
  return new AppError('usage').exitCode
}

function print(text: string): number {
  process.stdout.write(text)
  return 0
}

main(process.argv.slice(2)).then((code) => process.exit(code))
