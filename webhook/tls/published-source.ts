/** A certificate from elsewhere whose CA is published in the MutatingWebhookConfiguration. */
import { readFile } from 'node:fs/promises'
import type { Clock } from '../../core/clock.ts'
import { toAppError } from '../../core/errors.ts'
import { errorFields, type Logger } from '../../core/log.ts'
import type { Cluster } from '../kube/cluster.ts'
import { publish } from './generated-source.ts'
import type { CertificateSource } from './source.ts'

export interface PublishedSourceOptions {
  readonly caFile: string
  readonly cluster: Cluster
  readonly clock: Clock
  readonly logger: Logger
}

const intervalMs = 15_000

/** The CA's file is read again and again, as whoever renews the certificate may renew the CA. */
export function createPublishedSource(
  source: CertificateSource,
  options: PublishedSourceOptions,
): CertificateSource {
  return {
    run: async (listener, signal) => {
      const ended = new AbortController()
      const either = AbortSignal.any([signal, ended.signal])
      const publishing = keepPublished(options, listener.failed, either)
      try {
        await source.run(listener, signal)
      } finally {
        ended.abort()
        await publishing
      }
    },
  }
}

async function keepPublished(
  options: PublishedSourceOptions,
  failed: () => void,
  signal: AbortSignal,
): Promise<void> {
  const { caFile, cluster, clock, logger } = options
  while (!signal.aborted) {
    try {
      await publish(await readCa(caFile), await cluster.readWebhooks(), options)
    } catch (thrown) {
      failed()
      logger.warn('CA bundle not published', errorFields(thrown))
    }
    await clock.sleep(intervalMs, signal)
  }
}

async function readCa(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (thrown) {
    throw toAppError(thrown, 'tls_invalid', { path })
  }
}
