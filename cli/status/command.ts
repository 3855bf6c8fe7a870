/** `claviger status`: how the agents of a cluster are doing. */
import {
  type FlagTable,
  type FlagValues,
  formatFlags,
  parseMixedFlags,
} from '../../core/go-flags.ts'
import type { Parsed } from '../../core/issue.ts'
import { clusterFlags } from '../cluster/flags.ts'
import { listPods } from '../cluster/target.ts'
import { readTargetCommand, type TargetCommand } from '../cluster/target-command.ts'
import { createRun, type Terminal, type Verb } from '../terminal.ts'
import { formatJson } from './json.ts'
import { readPods } from './read-pods.ts'
import { formatPod, formatPods } from './table.ts'

const outputs = ['table', 'wide', 'json'] as const

const flagTable = {
  output: { kind: 'text', argument: outputs.join('|'), help: 'form of the answer; default table' },
  o: { kind: 'text', argument: outputs.join('|'), help: 'the same as -output' },
  ...clusterFlags,
  help: { kind: 'boolean', help: 'print this help' },
} as const satisfies FlagTable

const help = `Usage: claviger status [flags] [POD | KIND/NAME]

Lists the pods with an agent: its form, whether it is ready, how many secrets it keeps, how old the oldest is, when the next is refreshed and
the first ends, and its last error. For one pod it lists each secret with its files. Each agent is asked in its container
(permission create on pods/exec), without a shell; one that cannot be asked stays in the list. Stock agents tell nothing: "-".

KIND is pod, namespace, deployment, statefulset, daemonset, replicaset or job.

Examples:
  claviger status -all-namespaces
  claviger status deployment/app -n demo
  claviger status app-6c9d8f7b9c-x2x7z -n demo
  claviger status -n demo -output=json

Flags:
${formatFlags(flagTable)}
`

interface Command extends TargetCommand {
  readonly flags: FlagValues<typeof flagTable>
}

function parse(words: readonly string[]): Parsed<Command> {
  const parsed = parseMixedFlags(flagTable, words, {})
  if (parsed.kind === 'issues') return parsed
  const { flags, rest } = parsed.value
  const command = readTargetCommand(flags, rest, outputs)
  return command.kind === 'issues' ? command : { kind: 'ok', value: { flags, ...command.value } }
}

const runStatus = async (
  { choice, target, output }: Command,
  terminal: Terminal,
): Promise<number> => {
  const { openCluster } = await import('../cluster/connect.ts')
  const cluster = openCluster(choice, terminal)
  const namespace = choice.allNamespaces ? undefined : cluster.namespace
  const states = await readPods(cluster, await listPods(cluster, { namespace, target }))
  const now = terminal.clock.now()
  const [only] = states
  if (output === 'json') {
    terminal.write(formatJson(states))
  } else if (only === undefined) {
    terminal.writeError(
      'claviger: no pod with an agent is there; -all-namespaces looks everywhere\n',
    )
  } else if (target?.resource === 'pods') {
    const { readPodAgent } = await import('../cluster/pod-agent.ts')
    const agent = await readPodAgent(only.pod)
    terminal.write(formatPod(only, agent.kind === 'ok' ? agent.value.files : [], now))
  } else {
    const { allNamespaces } = choice
    const options = {
      now,
      allNamespaces,
      wide: output === 'wide',
      width: output === 'wide' ? undefined : terminal.columns,
    }
    terminal.write(formatPods(states, options))
  }
  return 0
}

export const statusVerb: Verb = {
  run: createRun({ help, parse, run: runStatus }),
  flags: flagTable,
}
