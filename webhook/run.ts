/** The webhook from its configuration to the end of its drain. */
import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/log.ts'
import type { WebhookConfig } from './config.ts'
import type { NamespaceWatch } from './kube/namespace-watch.ts'
import type { PolicySource } from './policy-file.ts'
import { WebhookServer } from './server.ts'
import type { CertificateSource } from './tls/source.ts'

export interface RunDeps {
  readonly config: WebhookConfig
  readonly source: CertificateSource
  readonly policy?: PolicySource | undefined
  readonly namespaces?: NamespaceWatch | undefined
  readonly logger: Logger
  readonly clock: Clock
  /** Aborts when the process is to end. */
  readonly signal: AbortSignal
}

/** Listens as soon as there is a certificate; resolves once everything under way is answered. */
export async function runWebhook(deps: RunDeps): Promise<void> {
  const { config, source, logger, signal, policy, namespaces } = deps
  const { defaults } = config
  const server = new WebhookServer({ ...deps, defaults, policy: policy?.current })
  const stop = new AbortController()
  const watching = [policy, namespaces].map((each) => each?.run(stop.signal))
  let running: Promise<void> = Promise.resolve()
  const certified = new Promise<void>((resolve) => {
    running = source.run((pair) => {
      server.useCertificate(pair)
      resolve()
    }, stop.signal)
  })
  const aborted = waitForAbort(signal)
  try {
    await Promise.race([certified, running, aborted])
    if (signal.aborted) return
    const address = await server.listen(config.listen.host, config.listen.port)
    logger.info('webhook listens', { address })
    await Promise.race([aborted, running])
    logger.info('webhook drains')
    await server.drain(config.drainDelayMs)
  } finally {
    stop.abort()
    await Promise.all([running, ...watching])
  }
}

function waitForAbort(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
