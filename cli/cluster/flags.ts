/** The flags that say which cluster and which namespaces a verb is about. */
import type { FlagTable, FlagValues } from '../../core/go-flags.ts'
import type { Issue, Parsed } from '../../core/issue.ts'

/** Which cluster. */
export const connectionFlags = {
  kubeconfig: {
    kind: 'text',
    argument: 'PATH',
    help: 'kubeconfig file; default KUBECONFIG, else ~/.kube/config, else the ServiceAccount of this pod',
  },
  context: {
    kind: 'text',
    argument: 'NAME',
    help: 'context of the kubeconfig; default its current one',
  },
} as const satisfies FlagTable

/** The same with namespaces; `n` and `A` are what kubectl calls them. */
export const clusterFlags = {
  ...connectionFlags,
  namespace: {
    kind: 'text',
    argument: 'NAME',
    help: 'namespace; default the one of the context, else default',
  },
  n: { kind: 'text', argument: 'NAME', help: 'the same as -namespace' },
  'all-namespaces': { kind: 'boolean', help: 'all namespaces' },
  A: { kind: 'boolean', help: 'the same as -all-namespaces' },
} as const satisfies FlagTable

export interface ClusterChoice {
  /** Undefined for where kubectl would look. */
  readonly kubeconfig: string | undefined
  /** Undefined for the current one. */
  readonly context: string | undefined
  /** Undefined for that of the context. */
  readonly namespace: string | undefined
  readonly allNamespaces: boolean
}

/** Issue code: `flag`. */
export function readClusterFlags(flags: FlagValues<typeof clusterFlags>): Parsed<ClusterChoice> {
  const { kubeconfig, context, namespace, n } = flags
  const allNamespaces = flags['all-namespaces'] === true || flags.A === true
  const named = namespace ?? n
  const issues: Issue[] = []
  if (namespace !== undefined && n !== undefined && n !== namespace) {
    issues.push({
      code: 'flag',
      path: '-n',
      expected: 'the same as -namespace, or only one of them',
    })
  }
  if (allNamespaces && named !== undefined) {
    issues.push({ code: 'flag', path: '-all-namespaces', expected: 'no -namespace beside it' })
  }
  if (issues.length > 0) return { kind: 'issues', issues }
  return { kind: 'ok', value: { kubeconfig, context, namespace: named, allNamespaces } }
}
