/** The policy in a file, for instance of a mounted ConfigMap, read again when it changes. */
import type { Clock } from '../../core/clock.ts'
import { formatIssue, type Parsed } from '../../core/issue.ts'
import type { Logger } from '../../core/log.ts'
import type { Policy } from '../policy/policy.ts'
import { needsLabels, readPolicy } from '../policy/read-policy.ts'
import { openWatchedFile, type WatchedFile } from './watched-file.ts'

export interface PolicyFileOptions {
  readonly path: string
  /** Whether the labels of namespaces are known. */
  readonly knowsLabels: boolean
  readonly clock: Clock
  readonly logger: Logger
}

/** Issue code `policy`: a webhook does not start without the policy that it was told to apply. */
export function openPolicyFile(options: PolicyFileOptions): Promise<Parsed<WatchedFile<Policy>>> {
  const { path, knowsLabels, clock, logger } = options
  return openWatchedFile({
    path,
    code: 'policy',
    parse: (text) => checkLabels(readPolicy(text), knowsLabels),
    clock,
    onValue: ({ rules }) => logger.info('policy loaded', { rules: rules.length }),
    onIssues: (issues) => {
      logger.error('policy not loaded, the last good one stays', { problems: issues.length })
      for (const issue of issues) {
        logger.error('problem in the policy', { problem: formatIssue(issue) })
      }
    },
  })
}

function checkLabels(parsed: Parsed<Policy>, knowsLabels: boolean): Parsed<Policy> {
  if (parsed.kind === 'issues' || knowsLabels || !needsLabels(parsed.value)) return parsed
  const issue = {
    code: 'policy',
    path: 'rules',
    expected: 'no selector of labels without -watch-namespaces',
    hint: 'names need no watch',
  }
  return { kind: 'issues', issues: [issue] }
}
