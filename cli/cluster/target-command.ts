/** What `doctor` and `status` are given alike: a cluster, namespaces, and perhaps one object. */

import type { FlagValues } from '../../core/go-flags.ts'
import type { Issue, Parsed } from '../../core/issue.ts'
import { describeChoice } from '../choice.ts'
import { type ClusterChoice, type clusterFlags, readClusterFlags } from './flags.ts'
import { parseTarget, type Target } from './target.ts'

export interface TargetCommand {
  readonly choice: ClusterChoice
  readonly target: Target | undefined
  /** The form of the answer. */
  readonly output: string
}

type Flags = FlagValues<typeof clusterFlags> & {
  readonly output?: string
  readonly o?: string
}

/** `words` are the bare ones; the first of `outputs` is the default. Issue codes: `flag`, `usage`. */
export function readTargetCommand(
  flags: Flags,
  words: readonly string[],
  outputs: readonly [string, ...string[]],
): Parsed<TargetCommand> {
  const choice = readClusterFlags(flags)
  const [first, second] = words
  const target = first === undefined ? undefined : parseTarget(first)
  const issues: Issue[] = [choice, target].flatMap((part) =>
    part?.kind === 'issues' ? part.issues : [],
  )
  if (second !== undefined) {
    issues.push({ code: 'usage', path: second, expected: 'no more than one pod or object' })
  }
  if (choice.kind === 'ok' && choice.value.allNamespaces && first !== undefined) {
    issues.push({ code: 'flag', path: '-all-namespaces', expected: `no ${first} beside it` })
  }
  const output = flags.output ?? flags.o ?? outputs[0]
  if (!outputs.includes(output)) issues.push(describeChoice('-output', output, outputs))
  if (choice.kind === 'issues' || issues.length > 0) return { kind: 'issues', issues }
  const chosen = target?.kind === 'ok' ? target.value : undefined
  return { kind: 'ok', value: { choice: choice.value, target: chosen, output } }
}
