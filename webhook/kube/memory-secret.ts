/** A cluster whose Secret may be out of reach, as under vault-helm's chart, which gives its injector one only with several replicas. */
import { AppError } from '../../core/errors.ts'
import type { Logger } from '../../core/log.ts'
import type { Cluster, StoredSecret } from './cluster.ts'

/** Where the Secret does not exist or may not be read, its entries are kept in memory, which serves one replica. */
export function tolerateMissingSecret(cluster: Cluster, logger: Logger): Cluster {
  let kept: StoredSecret | undefined
  return {
    ...cluster,
    readSecret: async () => {
      if (kept !== undefined) return kept
      try {
        return await cluster.readSecret()
      } catch (thrown) {
        if (!isOutOfReach(thrown)) throw thrown
        logger.warn('certificates kept in memory; several replicas need a Secret')
        kept = { resourceVersion: '', entries: new Map(), wantsRotation: false }
        return kept
      }
    },
    writeSecret: async (secret) => {
      if (kept === undefined) return cluster.writeSecret(secret)
      kept = secret
      return 'written'
    },
  }
}

function isOutOfReach(thrown: unknown): boolean {
  if (!(thrown instanceof AppError)) return false
  return thrown.facts['status'] === 403 || thrown.facts['status'] === 404
}
