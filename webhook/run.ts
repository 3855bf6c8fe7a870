/** The webhook from its configuration to the end of its drain. */
import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/log.ts'
import type { WebhookConfig } from './config/config.ts'
import type { WatchedFile } from './config/watched-file.ts'
import { PageServer } from './http/page-server.ts'
import { WebhookServer } from './http/server.ts'
import type { NamespaceWatch } from './kube/namespace-watch.ts'
import type { Policy } from './policy/policy.ts'
import { Metrics } from './telemetry/metrics.ts'
import { Telemetry } from './telemetry/telemetry.ts'
import type { CertificateSource, KeyPair } from './tls/source.ts'

export interface RunDeps {
  readonly config: WebhookConfig
  readonly source: CertificateSource
  readonly policy?: WatchedFile<Policy> | undefined
  /** The CA of the store, PEM; undefined for that of the configuration. */
  readonly storeCa?: WatchedFile<string> | undefined
  readonly namespaces?: NamespaceWatch | undefined
  readonly logger: Logger
  /** Tells where the webhook serves, whatever the level of the log is. */
  readonly announce: Logger['info']
  readonly clock: Clock
  /** Aborts when the process is to end. */
  readonly signal: AbortSignal
}

/** Listens as soon as there is a certificate; resolves once everything under way is answered. */
export async function runWebhook(deps: RunDeps): Promise<void> {
  const { config, source, logger, announce, signal, policy, storeCa, namespaces } = deps
  const telemetry = createTelemetry(deps)
  const metricsServer = new PageServer(new Map([['/metrics', () => telemetry.render()]]))
  const server = new WebhookServer({
    ...deps,
    ...describeServer(config),
    policy: policy?.current,
    storeCa: storeCa?.current,
    telemetry,
  })
  const stop = new AbortController()
  const watching = [policy, storeCa, namespaces].map((each) => each?.run(stop.signal))
  let running: Promise<void> = Promise.resolve()
  const certified = new Promise<void>((resolve) => {
    const use = (pair: KeyPair) => {
      server.useCertificate(pair)
      resolve()
    }
    running = source.run({ use, failed: () => telemetry.certificateFailed() }, stop.signal)
  })
  const aborted = waitForAbort(signal)
  try {
    await listenForMetrics(metricsServer, deps)
    await Promise.race([certified, running, aborted])
    if (signal.aborted) return
    const address = await server.listen(config.listen.host, config.listen.port)
    announce('webhook listens', { profile: config.defaults.profile.name, address })
    await Promise.race([aborted, running])
    logger.info('webhook drains')
    await server.drain(config.drainDelayMs)
  } finally {
    stop.abort()
    await metricsServer.close()
    await Promise.all([running, ...watching])
  }
}

function describeServer({ defaults, tls, telemetryPath }: WebhookConfig) {
  return { defaults, tls: tls.settings, telemetryPath }
}

function createTelemetry({ config, logger }: RunDeps): Telemetry {
  const metrics = new Metrics()
  if (config.telemetryPath !== '' || config.metricsListen !== undefined)
    metrics.registry.collectProcess()
  return new Telemetry({ logger, metrics, profile: config.defaults.profile.name })
}

async function listenForMetrics(server: PageServer, { config, announce }: RunDeps): Promise<void> {
  if (config.metricsListen === undefined) return
  announce('metrics are served', { address: await server.listen(config.metricsListen) })
}

function waitForAbort(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
