/** The policy in a file, for instance of a mounted ConfigMap, read again when it changes. */
import { readFile } from 'node:fs/promises'
import type { Clock } from '../../core/clock.ts'
import { systemCode } from '../../core/errors.ts'
import { formatIssue, type Parsed } from '../../core/issue.ts'
import type { Logger } from '../../core/log.ts'
import type { Policy } from '../policy/policy.ts'
import { needsLabels, readPolicy } from '../policy/read-policy.ts'

export interface PolicyFileOptions {
  readonly path: string
  /** Whether the labels of namespaces are known. */
  readonly knowsLabels: boolean
  readonly clock: Clock
  readonly logger: Logger
}

export interface PolicySource {
  /** The last good one. */
  readonly current: () => Policy
  /** Ends when `signal` aborts, and never rejects. */
  readonly run: (signal: AbortSignal) => Promise<void>
}

/** Reading beats watching: a mounted ConfigMap changes by the swap of a symlink, which watches of a file miss. */
const intervalMs = 2_000

/** Issue code `policy`: a webhook does not start without the policy that it was told to apply. */
export async function openPolicyFile(options: PolicyFileOptions): Promise<Parsed<PolicySource>> {
  const { clock, logger } = options
  const first = await read(options)
  if (first.parsed.kind === 'issues') return first.parsed
  let current = first.parsed.value
  let seen = first.text
  const update = async () => {
    const { text, parsed } = await read(options)
    if (text === seen) return
    seen = text
    if (parsed.kind === 'ok') {
      current = parsed.value
      logger.info('policy loaded', { rules: current.rules.length })
      return
    }
    logger.error('policy not loaded, the last good one stays', { problems: parsed.issues.length })
    for (const issue of parsed.issues) {
      logger.error('problem in the policy', { problem: formatIssue(issue) })
    }
  }
  const run = async (signal: AbortSignal) => {
    logger.info('policy loaded', { rules: current.rules.length })
    while (!signal.aborted) {
      await clock.sleep(intervalMs, signal)
      if (!signal.aborted) await update()
    }
  }
  return { kind: 'ok', value: { current: () => current, run } }
}

interface Contents {
  /** Undefined when the file cannot be read. */
  readonly text: string | undefined
  readonly parsed: Parsed<Policy>
}

async function read({ path, knowsLabels }: PolicyFileOptions): Promise<Contents> {
  try {
    const text = await readFile(path, 'utf8')
    return { text, parsed: checkLabels(readPolicy(text), knowsLabels) }
  } catch (thrown) {
    const hint = systemCode(thrown)
    const issue = { code: 'policy', path, expected: 'a file that can be read' }
    const issues = [hint === undefined ? issue : { ...issue, hint }]
    return { text: undefined, parsed: { kind: 'issues', issues } }
  }
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
