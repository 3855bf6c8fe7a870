/** The webhook's program: the only file here that touches the process. */
import { existsSync, readFileSync } from 'node:fs'
import type { KubeConfig } from '@kubernetes/client-node'
import { systemClock } from '../core/clock.ts'
import { AppError, errorCatalogue } from '../core/errors.ts'
import { formatIssue } from '../core/issue.ts'
import { createLogger, errorFields, type Logger } from '../core/log.ts'
import { version } from '../core/version.ts'
import { readConfig, type WebhookConfig } from './config/config.ts'
import { renderHelp } from './config/flag-docs.ts'
import type { Cluster } from './kube/cluster.ts'
import { NamespaceWatch } from './kube/namespace-watch.ts'
import { namespaces } from './kube/namespaces.ts'
import { runWebhook } from './run.ts'
import { createPinoLogger } from './telemetry/pino-logger.ts'
import { createSource, type SourceDeps } from './tls/create-source.ts'

const namespaceFile = '/var/run/secrets/kubernetes.io/serviceaccount/namespace'
/** sysexits.h: an internal software error. */
const faultCode = 70

// Not left to an empty event loop: idle connections to the Kubernetes API would delay the end.
void main(process.argv.slice(2)).then((code) => process.exit(code))

async function main([command = '--help', ...args]: readonly string[]): Promise<number> {
  const words = [command, ...args]
  if (command === 'help' || words.some((word) => ['--help', '-help', '-h'].includes(word))) {
    return print(renderHelp())
  }
  if (command === 'version' || words.some((word) => ['--version', '-version'].includes(word))) {
    return print(`claviger webhook ${version}\n`)
  }
  if (command !== 'agent-inject') return complain(['the command is agent-inject; see --help'])
  const parsed = readConfig(args, process.env)
  if (parsed.kind === 'issues') return complain(parsed.issues.map(formatIssue))
  const logger = createLog(parsed.value)
  return serve(parsed.value, logger)
}

async function serve(config: WebhookConfig, logger: Logger): Promise<number> {
  if (config.wantsLeader) logger.info('leader election is not needed: all replicas do the same')
  const ending = new AbortController()
  catchSignals(ending)
  const faults = catchFaults(ending, logger)
  const deps = { clock: systemClock, logger }
  try {
    const policy = await openPolicy(config, logger)
    if (policy?.kind === 'issues') {
      return complain(policy.issues.map(formatIssue), errorCatalogue.config_invalid.exitCode)
    }
    const source = await createSource(config.tls.source, { ...deps, connect })
    const namespaces = await createNamespaceWatch(config, logger)
    await runWebhook({
      ...deps,
      source,
      namespaces,
      policy: policy?.value,
      announce: createLog({ ...config, logLevel: 'info' }).info,
      config: withOwnNamespace(config),
      signal: ending.signal,
    })
    return faults.count === 0 ? 0 : faultCode
  } catch (thrown) {
    logger.error('webhook failed', errorFields(thrown))
    return thrown instanceof AppError ? errorCatalogue[thrown.code].exitCode : faultCode
  }
}

function createLog({ logLevel, logFormat }: WebhookConfig): Logger {
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

async function openPolicy({ policyFile, watchNamespaces }: WebhookConfig, logger: Logger) {
  if (policyFile === '') return undefined
  const { openPolicyFile } = await import('./config/policy-file.ts')
  const deps = { clock: systemClock, logger }
  return openPolicyFile({ path: policyFile, knowsLabels: watchNamespaces, ...deps })
}

async function createNamespaceWatch(
  { watchNamespaces }: WebhookConfig,
  logger: Logger,
): Promise<NamespaceWatch | undefined> {
  if (!watchNamespaces) return undefined
  const kube = await loadCluster('watch-namespaces')
  const { createMetadataApi } = await import('./kube/metadata-client.ts')
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
    logger.error('webhook has a fault and ends', errorFields(thrown))
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
