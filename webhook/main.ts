/** The webhook's program: the only file here that touches the process. */
import { existsSync, readFileSync } from 'node:fs'
import type { KubeConfig } from '@kubernetes/client-node'
import { systemClock } from '../core/clock.ts'
import { AppError, errorCatalogue } from '../core/errors.ts'
import { formatIssue } from '../core/issue.ts'
import { createLogger, errorFields, type Logger } from '../core/log.ts'
import { version } from '../core/version.ts'
import { readConfig, type TlsConfig, type WebhookConfig } from './config.ts'
import { renderHelp } from './flags.ts'
import { NamespaceWatch } from './kube/namespace-watch.ts'
import { runWebhook } from './run.ts'
import { createFileSource } from './tls/file-source.ts'
import { createGeneratedSource } from './tls/generated-source.ts'
import type { CertificateSource } from './tls/source.ts'

const namespaceFile = '/var/run/secrets/kubernetes.io/serviceaccount/namespace'

// Not left to an empty event loop: idle connections to the Kubernetes API would delay the end.
void main(process.argv.slice(2)).then((code) => process.exit(code))

async function main([command, ...args]: readonly string[]): Promise<number> {
  const words = [command ?? '--help', ...args]
  if (words.some((word) => ['--help', '-help', '-h', 'help'].includes(word)))
    return print(renderHelp())
  if (words.some((word) => ['--version', '-version', 'version'].includes(word))) {
    return print(`claviger webhook ${version}\n`)
  }
  if (command !== 'agent-inject') return complain(['the command is agent-inject; see --help'])
  const parsed = readConfig(args, process.env)
  if (parsed.kind === 'issues') return complain(parsed.issues.map(formatIssue))
  const config = parsed.value
  const logger = createLogger({
    level: config.logLevel,
    format: config.logFormat,
    write: (line) => void process.stderr.write(line),
    now: systemClock.now,
  })
  if (config.stockImageName) {
    logger.warn('the agent image came by its stock name; it must be a Claviger agent')
  }
  try {
    const policy = await openPolicy(config, logger)
    if (policy?.kind === 'issues') {
      return complain(policy.issues.map(formatIssue), errorCatalogue.config_invalid.exitCode)
    }
    const source = await createSource(config.tls, logger)
    const namespaces = await createNamespaceWatch(config, logger)
    const deps = { clock: systemClock, logger, source, policy: policy?.value, namespaces }
    await runWebhook({ ...deps, config: withOwnNamespace(config), signal: catchSignals() })
    return 0
  } catch (thrown) {
    logger.error('webhook failed', errorFields(thrown))
    return thrown instanceof AppError ? errorCatalogue[thrown.code].exitCode : 70
  }
}

/** The Kubernetes client is most of what there is to load, and mounted certificates need none of it. */
async function createSource(tls: TlsConfig, logger: Logger): Promise<CertificateSource> {
  const deps = { clock: systemClock, logger }
  if (tls.kind === 'files') return createFileSource({ ...tls, ...deps })
  const kube = await loadCluster('tls-auto')
  const { createCluster } = await import('./kube/client.ts')
  const { secret, webhookConfiguration, hosts } = tls
  const namespace = tls.namespace === '' ? readNamespace() : tls.namespace
  const cluster = createCluster(kube, { namespace, secret, webhookConfiguration })
  return createGeneratedSource({ cluster, hosts, ...deps })
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
  const { openPolicyFile } = await import('./policy-file.ts')
  const deps = { clock: systemClock, logger }
  return openPolicyFile({ path: policyFile, knowsLabels: watchNamespaces, ...deps })
}

async function createNamespaceWatch(
  { watchNamespaces }: WebhookConfig,
  logger: Logger,
): Promise<NamespaceWatch | undefined> {
  if (!watchNamespaces) return undefined
  const kube = await loadCluster('watch-namespaces')
  const { createNamespaceApi } = await import('./kube/namespace-client.ts')
  return new NamespaceWatch({ api: createNamespaceApi(kube), clock: systemClock, logger })
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
function catchSignals(): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => controller.abort())
  }
  return controller.signal
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
