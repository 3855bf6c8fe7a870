/** A configuration put together with everything that carries it out: what SIGHUP replaces as a whole. */
import { systemClock } from '../core/clock.ts'
import type { AppError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import { createLocalSource } from '../core/machine/local-source.ts'
import { systemRandomness } from '../core/machine/system-randomness.ts'
import type { Traces } from '../core/tracing/traces.ts'
import { createVaultClient, type VaultClient } from '../core/vault/client.ts'
import { createTransport, type TransportOptions } from '../core/vault/transport.ts'
import type { AuthMethod } from './auth/auth-method.ts'
import { createAuthMethod } from './auth/create-auth-method.ts'
import { compileTemplates } from './compile-templates.ts'
import type { AgentConfig, Subsystem, VaultConfig } from './config/agent-config.ts'
import { forSubsystem, readTls } from './config/read-tls.ts'
import { templateEnvironment } from './config/template-policy.ts'
import { findCertificate } from './files/find-certificate.ts'
import type { AgentProgram } from './run.ts'
import { createSinkPreparer } from './sinks/prepare-sink.ts'
import { type CompiledTemplate, shownSecret } from './step/context.ts'
import type { ShowSecret } from './step/describe-status.ts'
import type { Machine, StepPorts } from './step/ports.ts'
import { createStep, type Step } from './step/step.ts'
import { createVaultPorts } from './step/vault-ports.ts'
import { createStores, type NamedStores } from './stores/create-stores.ts'
import { openTraces } from './tracing/open-traces.ts'
import { tracePorts, traceStep } from './tracing/traced-ports.ts'
import type { TextSource } from './waiter/texts.ts'

export type Environment = Readonly<Record<string, string | undefined>>

export interface PreparedProgram extends AgentProgram {
  /** Of the templates that cannot be used. */
  readonly problems: readonly AppError[]
  /** For requests with the agent's own token. */
  readonly client: VaultClient
  /** How one of the agent's parts reaches the store. */
  readonly transportOptions: (subsystem: Subsystem) => TransportOptions
  readonly showSecret: ShowSecret
  /** Those besides the pod's own Vault. */
  readonly stores: NamedStores
  /** Whether its login knows something that is in no state. */
  readonly hasCredentials: () => boolean
  /** Undefined: nothing is traced. */
  readonly traces: Traces | undefined
}

export interface ProgramPorts {
  readonly environment: Environment
  readonly logger: Logger
  readonly texts: TextSource
}

/** Errors: `tls_invalid`. */
export function prepareProgram(config: AgentConfig, ports: ProgramPorts): PreparedProgram {
  const templates = compileTemplates(config, ports.texts.template)
  const { vault, connections, templating } = config
  const options = readTls(vault)
  const transportOptions = (subsystem: Subsystem) => forSubsystem(options, connections, subsystem)
  const client = connect(toLogin(vault), transportOptions('auto-auth'))
  const { maxConnections } = templating
  const forTemplates = { ...transportOptions('templating'), maxConnections }
  const method = createMethod(config, client, ports)
  const showSecret: ShowSecret = (secret) => shownSecret({ templates }, secret)
  const traces = findTraces(config, ports)
  const traced = traces && { tracer: traces.recorder, nameSecret: showSecret }
  const stores = createStores(config.own.stores, { ...ports, traced })
  const stepPorts = createVaultPorts(
    { session: client, templating: connect(vault, forTemplates) },
    {
      method,
      stores,
      prepareSink: createSinkPreparer({ client, environment: ports.environment }),
      findCertificate: (destination) => findCertificate(destination, Date.now()),
      machine: createMachine(config, ports.environment),
      wall: () => Date.now(),
    },
    systemClock,
  )
  return {
    config,
    step: createTracedStep(stepPorts, templates, { traces, showSecret }),
    problems: templates.flatMap(({ problem }) => problem ?? []),
    client,
    transportOptions,
    showSecret,
    stores,
    hasCredentials: () => method?.hasUnsaved?.() === true,
    traces,
  }
}

function findTraces({ own }: AgentConfig, ports: ProgramPorts): Traces | undefined {
  const { traces: settings, statePath } = own
  return settings === undefined ? undefined : openTraces({ ...ports, settings, statePath })
}

function createTracedStep(
  ports: StepPorts,
  templates: readonly CompiledTemplate[],
  { traces, showSecret }: Pick<PreparedProgram, 'traces' | 'showSecret'>,
): Step {
  if (traces === undefined) return createStep(ports, templates)
  const { recorder } = traces
  return traceStep(createStep(tracePorts(ports, recorder, showSecret), templates), recorder)
}

/** A client of the store alone, for a command. Errors: `tls_invalid`. */
export function connectStore(vault: VaultConfig): VaultClient {
  return connect(vault, readTls(vault))
}

function connect({ address, namespace }: VaultConfig, options: TransportOptions): VaultClient {
  const transport = createTransport(options)
  return createVaultClient({
    address,
    transport,
    ...(namespace === undefined ? {} : { namespace }),
  })
}

/** Where the token itself is dealt with. */
function toLogin(vault: VaultConfig): VaultConfig {
  return { ...vault, namespace: vault.loginNamespace }
}

function createMethod(
  { auth, vault, connections }: AgentConfig,
  client: VaultClient,
  { environment, logger }: Omit<ProgramPorts, 'texts'>,
): AuthMethod | undefined {
  if (auth === undefined) return undefined
  return createAuthMethod(auth, {
    client,
    connect: (certificates) => {
      const options = readTls({ ...vault, ...definedOf(certificates) })
      return connect(toLogin(vault), forSubsystem(options, connections, 'auto-auth'))
    },
    address: vault.address,
    environment,
    now: () => Date.now(),
    logger,
  })
}

function definedOf<T extends object>(values: T): Partial<T> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as Partial<T>
}

function createMachine({ own }: AgentConfig, environment: Environment): Machine {
  const shown = templateEnvironment(own.templateRules, environment)
  const path = environment['PATH'] === undefined ? {} : { PATH: environment['PATH'] }
  return {
    ...createLocalSource({ ...path, ...Object.fromEntries(shown) }),
    environment: shown,
    random: systemRandomness,
    // Not performance.now(): Node loads what it belongs to with its first use.
    elapsed: () => Number(process.hrtime.bigint()) / 1e6,
  }
}
