/** The files that the operator mounts and may change: the policy and the CA of the store. */
import type { Clock } from '../../core/clock.ts'
import type { Issue, Parsed } from '../../core/issue.ts'
import type { Logger } from '../../core/log.ts'
import type { Policy } from '../policy/policy.ts'
import type { WebhookConfig } from './config.ts'
import type { WatchedFile } from './watched-file.ts'

export interface OperatorFiles {
  readonly policy: WatchedFile<Policy> | undefined
  /** PEM. */
  readonly storeCa: WatchedFile<string> | undefined
}

export interface FileDeps {
  readonly clock: Clock
  readonly logger: Logger
}

/** Those that the configuration names, or every problem of any. Issue codes: `policy`, `store_ca`. */
export async function openOperatorFiles(
  config: WebhookConfig,
  deps: FileDeps,
): Promise<Parsed<OperatorFiles>> {
  const policy = await openPolicy(config, deps)
  const storeCa = await openStoreCa(config, deps)
  const issues = [...listIssues(policy), ...listIssues(storeCa)]
  if (policy?.kind === 'issues' || storeCa?.kind === 'issues') return { kind: 'issues', issues }
  return { kind: 'ok', value: { policy: policy?.value, storeCa: storeCa?.value } }
}

/** Most webhooks have neither, and need not load what reads them. */
async function openPolicy({ policyFile, watchNamespaces }: WebhookConfig, deps: FileDeps) {
  if (policyFile === '') return undefined
  const { openPolicyFile } = await import('./policy-file.ts')
  return openPolicyFile({ path: policyFile, knowsLabels: watchNamespaces, ...deps })
}

async function openStoreCa({ storeCaFile }: WebhookConfig, deps: FileDeps) {
  if (storeCaFile === '') return undefined
  const { openStoreCaFile } = await import('./store-ca-file.ts')
  return openStoreCaFile({ path: storeCaFile, ...deps })
}

function listIssues(parsed: Parsed<unknown> | undefined): readonly Issue[] {
  return parsed?.kind === 'issues' ? parsed.issues : []
}
