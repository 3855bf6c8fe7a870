/** The webhook's program: the only file here that touches the process. */
import { existsSync, readFileSync } from 'node:fs'
import type { KubeConfig } from '@kubernetes/client-node'
import { systemClock } from '../core/clock.ts'
import { AppError, errorCatalogue } from '../core/errors.ts'
import { formatIssue, type Parsed } from '../core/issue.ts'
import { createLogger, errorFields, type Logger } from '../core/log.ts'
import { version } from '../core/version.ts'
import { readConfig, type WebhookConfig } from './config/config.ts'
import { renderHelp } from './config/flag-docs.ts'
import { flagRows } from './config/flags.ts'
import { openOperatorFiles } from './config/operator-files.ts'
import { type GuardConfig, readGuardConfig } from './guard/config.ts'
import { guardFlagRows } from './guard/flags.ts'
import { createPodKind } from './guard/pods.ts'
import { runGuard } from './guard/run.ts'
import type { Cluster } from './kube/cluster.ts'
import { createEvict } from './kube/evictions.ts'
import { createMetadataApi } from './kube/metadata-client.ts'
import { NamespaceWatch } from './kube/namespace-watch.ts'
import { namespaces } from './kube/namespaces.ts'
import { runWebhook } from './run.ts'
import { createPinoLogger } from './telemetry/pino-logger.ts'
import { createSource, type SourceDeps } from './tls/create-source.ts'

const namespaceFile = '/var/run/secrets/kubernetes.io/serviceaccount/namespace'
/** sysexits.h: an internal software error. */
const faultCode = 70

const usage = `usage: webhook agent-inject [flags]
       webhook guard [flags]
       webhook check NAMESPACE [flags]

agent-inject serves the mutating admission webhook; guard, with a --help of its own, tells of pods that it missed. check, in a
cluster, asks the API server for a pod of that namespace, as a dry run, and says whether it is injected and whether the store answers.`
const guardUsage = `usage: webhook guard [flags]

Watches pods and tells of those that should have been injected and were not.`

// Not left to an empty event loop: idle connections to the Kubernetes API would delay the end.
void main(process.argv.slice(2)).then((code) => process.exit(code))

async function main([command = '--help', ...args]: readonly string[]): Promise<number> {
  const words = [command, ...args]
  if (command === 'help' || words.some((word) => ['--help', '-help', '-h'].includes(word))) {
    return print(
      words.includes('guard') ? renderHelp(guardUsage, guardFlagRows) : renderHelp(usage, flagRows),
    )
  }
  if (command === 'version' || words.some((word) => ['--version', '-version'].includes(word))) {
    return print(`claviger webhook ${version}\n`)
  }
  if (command === 'agent-inject') return start(readConfig(args, process.env), serve)
  if (command === 'check') return check(args)
  if (command === 'guard') return start(readGuardConfig(args, process.env), guard)
  return complain(['the command is agent-inject, guard or check; see --help'])
}

/** `namespace` is where a pod is asked for, as a dry run. */
async function check([namespace = '', ...args]: readonly string[]): Promise<number> {
  if (namespace === '' || namespace.startsWith('-')) {
    return complain(['check: the first word is a namespace in which pods may be injected'])
  }
  const parsed = readConfig(args, process.env)
  if (parsed.kind === 'issues') return complain(parsed.issues.map(formatIssue))
  try {
    const kube = await loadCluster('check')
    const { runCheck } = await import('./check/command.ts')
    const { lines, isGood } = await runCheck({
      kube,
      namespace,
      config: parsed.value,
      clock: systemClock,
    })
    print(lines.map((line) => `${line}\n`).join(''))
    return isGood ? 0 : 1
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown
    return complain([thrown.message], errorCatalogue[thrown.code].exitCode)
  }
}

interface Program {
  readonly logger: Logger
  /** Aborts when the process is to end. */
  readonly signal: AbortSignal
}

type LogConfig = Pick<WebhookConfig, 'logLevel' | 'logFormat'>

/** Runs a command with what was read for it; the exit code. */
async function start<T extends LogConfig>(
  parsed: Parsed<T>,
  run: (config: T, program: Program) => Promise<number>,
): Promise<number> {
  if (parsed.kind === 'issues') return complain(parsed.issues.map(formatIssue))
  const logger = createLog(parsed.value)
  const ending = new AbortController()
  catchSignals(ending)
  const faults = catchFaults(ending, logger)
  try {
    const code = await run(parsed.value, { logger, signal: ending.signal })
    return faults.count === 0 ? code : faultCode
  } catch (thrown) {
    logger.error('program failed', errorFields(thrown))
    return thrown instanceof AppError ? errorCatalogue[thrown.code].exitCode : faultCode
  }
}

async function serve(config: WebhookConfig, { logger, signal }: Program): Promise<number> {
  if (config.wantsLeader) logger.info('leader election is not needed: all replicas do the same')
  const deps = { clock: systemClock, logger }
  const files = await openOperatorFiles(config, deps)
  if (files.kind === 'issues') {
    return complain(files.issues.map(formatIssue), errorCatalogue.config_invalid.exitCode)
  }
  const source = await createSource(config.tls.source, { ...deps, connect })
  const watch = await createNamespaceWatch(config, logger)
  await runWebhook({
    ...deps,
    ...files.value,
    source,
    namespaces: watch,
    announce: createLog({ ...config, logLevel: 'info' }).info,
    config: withOwnNamespace(config),
    signal,
  })
  return 0
}

async function guard(config: GuardConfig, { logger, signal }: Program): Promise<number> {
  const kube = await loadCluster('guard')
  const ownNamespace = config.namespace === '' ? readNamespace() : config.namespace
  await runGuard({
    config,
    api: createMetadataApi(kube, createPodKind({ profile: config.profile, ownNamespace })),
    evict: config.evict ? createEvict(kube) : undefined,
    clock: systemClock,
    logger,
    announce: createLog({ ...config, logLevel: 'info' }).info,
    signal,
  })
  return 0
}

function createLog({ logLevel, logFormat }: LogConfig): Logger {
  const options = {
    level: logLevel,
    write: (line: string) => void process.stderr.write(line),
    now: systemClock.now,
  }
  return logFormat === 'json'
    ? createPinoLogger(options)
    : createLogger({ ...options, format: logFormat })
}

/** The Kubernetes client is most of what there is to load, and mounted certificates need none of it. */
async function connect(names: Parameters<SourceDeps['connect']>[0]): Promise<Cluster> {
  const kube = await loadCluster('tls-auto')
  const { createCluster } = await import('./kube/client.ts')
  const namespace = names.namespace === '' ? readNamespace() : names.namespace
  return createCluster(kube, { ...names, namespace })
}

async function loadCluster(flag: string): Promise<KubeConfig> {
  if (process.env['KUBERNETES_SERVICE_HOST'] === undefined) {
    throw new AppError('config_invalid', { [flag]: 'works in a cluster only' })
  }
  const { KubeConfig } = await import('@kubernetes/client-node')
  const kube = new KubeConfig()
  kube.loadFromCluster()
  return kube
}

async function createNamespaceWatch(
  { watchNamespaces }: WebhookConfig,
  logger: Logger,
): Promise<NamespaceWatch | undefined> {
  if (!watchNamespaces) return undefined
  const kube = await loadCluster('watch-namespaces')
  const api = createMetadataApi(kube, namespaces)
  return new NamespaceWatch({ api, clock: systemClock, logger })
}

/** Outside of a cluster there is none. */
function withOwnNamespace(config: WebhookConfig): WebhookConfig {
  const inCluster = existsSync(namespaceFile)
  const own = config.namespace === '' && inCluster ? readNamespace() : config.namespace
  return { ...config, defaults: { ...config.defaults, ownNamespace: own || undefined } }
}

function readNamespace(): string {
  try {
    return readFileSync(namespaceFile, 'utf8').trim()
  } catch (thrown) {
    throw new AppError('config_invalid', { path: namespaceFile }, { cause: thrown })
  }
}

/** A second signal ends the process at once. */
function catchSignals(ending: AbortController): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => ending.abort())
  }
}

/** What nobody caught ends the process as a signal does, after its drain, but with a code that tells of it. */
function catchFaults(ending: AbortController, logger: Logger): { readonly count: number } {
  const faults = { count: 0 }
  const onFault = (thrown: unknown) => {
    faults.count += 1
    logger.error('program has a fault and ends', errorFields(thrown))
    ending.abort()
  }
  process.on('uncaughtException', onFault).on('unhandledRejection', onFault)
  return faults
}

function print(text: string): number {
  process.stdout.write(text)
  return 0
}

function complain(
  lines: readonly string[],
  exitCode: number = errorCatalogue.usage.exitCode,
): number {
  process.stderr.write(lines.map((line) => `${line}\n`).join(''))
  return exitCode
}
