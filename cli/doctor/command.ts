/** `claviger doctor`: finds what is wrong between a pod and its secrets. */
import {
  type FlagTable,
  type FlagValues,
  formatFlags,
  parseMixedFlags,
} from '../../core/go-flags.ts'
import type { Issue, Parsed } from '../../core/issue.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { type ClusterChoice, clusterFlags } from '../cluster/flags.ts'
import { installationFlags } from '../cluster/installation.ts'
import type { Scope, Target } from '../cluster/target.ts'
import { readTargetCommand, type TargetCommand } from '../cluster/target-command.ts'
import { createRun, type Terminal, type Verb } from '../terminal.ts'

const outputs = ['text', 'json'] as const

const flagTable = {
  'no-login': {
    kind: 'boolean',
    help: 'ask for no token of the ServiceAccount and do not log in to the store',
  },
  'vault-address': {
    kind: 'text',
    argument: 'URL',
    help: 'the store as this machine reaches it; default the address that the agents use',
  },
  output: { kind: 'text', argument: outputs.join('|'), help: 'form of the report; default text' },
  o: { kind: 'text', argument: outputs.join('|'), help: 'the same as -output' },
  ...installationFlags,
  ...clusterFlags,
  help: { kind: 'boolean', help: 'print this help' },
} as const satisfies FlagTable

const help = `Usage: claviger doctor [flags] [POD | KIND/NAME]

Examines the webhook, its certificates, admission by the real API server, pods and workloads, the agents, and the store; of one pod or
workload also whether the store lets it in, allows its paths and has its secrets. Each finding says how to mend it. Exit code 0 without
problems, 1 with problems; what could not be examined, for want of a permission for one, is no problem and is said.

It changes nothing. Besides reading it creates a pod in a dry run, asks for a token of the pod's ServiceAccount (permission create on
serviceaccounts/token), logs in to the store with it and revokes that token again; -no-login leaves the last three out. It prints neither
tokens nor values. With VAULT_TOKEN it reads the role too, at VAULT_ADDR or -vault-address alone. VAULT_CACERT names the CA of the store where
only the pod has it.

KIND is pod, namespace, deployment, statefulset, daemonset, replicaset or job.

Examples:
  claviger doctor -all-namespaces
  claviger doctor deployment/app -n demo
  claviger doctor deployment/app -n demo -no-login -output=json

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
  const issues: Issue[] = command.kind === 'issues' ? [...command.issues] : []
  const address = flags['vault-address']
  if (address !== undefined && !isAddress(address)) {
    const expected = 'an http:// or https:// address without user'
    issues.push({ code: 'flag', path: '-vault-address', expected })
  }
  if (command.kind === 'issues' || issues.length > 0) return { kind: 'issues', issues }
  return { kind: 'ok', value: { flags, ...command.value } }
}

function isAddress(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return /^https?:$/.test(url?.protocol ?? '') && url?.username === '' && url.password === ''
}

const runDoctor = async (
  { flags, choice, target, output }: Command,
  terminal: Terminal,
): Promise<number> => {
  const [{ openCluster }, { examine }, { countResults, formatJson, formatText }] =
    await Promise.all([
      import('../cluster/connect.ts'),
      import('./examine.ts'),
      import('./report.ts'),
    ])
  const cluster = openCluster(choice, terminal)
  const results = await examine({
    cluster,
    scope: chooseScope(cluster, choice, target),
    installation: { release: flags.release, webhook: flags.webhook },
    now: terminal.clock.now(),
    variables: terminal.variables,
    address: flags['vault-address'],
    mayLogIn: flags['no-login'] !== true,
  })
  terminal.write(output === 'json' ? formatJson(results) : formatText(results, terminal))
  return countResults(results).problems > 0 ? 1 : 0
}

/** A namespace that is named as an object is the scope itself. */
function chooseScope(
  { namespace }: Pick<Cluster, 'namespace'>,
  { allNamespaces }: ClusterChoice,
  target: Target | undefined,
): Scope {
  if (target?.resource === 'namespaces') return { namespace: target.name, target: undefined }
  return { namespace: allNamespaces ? undefined : namespace, target }
}

export const doctorVerb: Verb = {
  run: createRun({ help, parse, run: runDoctor }),
  flags: flagTable,
}
