/** What is remembered of a policy that does not allow to read many secrets in one call. */
import type { AppError } from '../../errors.ts'
import { Secret } from '../../secret.ts'
import type { StorePorts } from '../store.ts'

export interface BatchDenial {
  /** Whether the call is not worth trying. */
  readonly isRecent: () => boolean
  /** Takes note where that is what `thrown` says. */
  readonly learn: (thrown: AppError) => void
}

/** Policies change: the call is tried again after this. */
const lifeMs = 86_400_000

/** For a hibernating agent, too, which learns of it once a day and not once a step. */
export function recallBatchDenial(
  store: string,
  { memory, now, logger }: Pick<StorePorts, 'memory' | 'now' | 'logger'>,
): BatchDenial {
  const name = `aws-batch-denied ${store}`
  const isRecent = () => {
    const at = Number(memory.recall(name)?.reveal() ?? Number.NaN)
    return Math.abs(now() - at) < lifeMs
  }
  return {
    isRecent,
    learn: (thrown) => {
      if (!isDenial(thrown) || isRecent()) return
      memory.remember(name, new Secret(String(now())))
      const message = 'secrets are read one by one, since the policy denies BatchGetSecretValue'
      logger.info(message, { store })
    },
  }
}

/** Servers that stand in for AWS may not have the call at all. */
function isDenial({ facts }: AppError): boolean {
  const { reason, action = 'secretsmanager:BatchGetSecretValue' } = facts
  if (reason === 'UnknownOperationException') return true
  return reason === 'AccessDeniedException' && action === 'secretsmanager:BatchGetSecretValue'
}
