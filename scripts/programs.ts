/** The shipped bundles, but for the scripts of agent-scripts.ts. */
interface Program {
  readonly name: string
  readonly entry: string
  /** No program: what imports its entry loads this bundle beside its own, where it comes to that. */
  readonly isApart?: boolean
}

export const programs: readonly Program[] = [
  { name: 'webhook', entry: 'webhook/main.ts' },
  { name: 'agent', entry: 'agent/start.ts' },
  { name: 'claviger', entry: 'cli/main.ts' },
  // Most verbs never need the Kubernetes client, and most agents no driver of a database.
  { name: 'kubernetes-client', entry: 'cli/cluster/kubernetes-client.ts', isApart: true },
  { name: 'store-postgresql', entry: 'core/stores/database/postgresql.ts', isApart: true },
  { name: 'store-mysql', entry: 'core/stores/database/mysql.ts', isApart: true },
  { name: 'traces', entry: 'core/tracing/encoder.ts', isApart: true },
]

/** What node-vault loads although core/vault/client.ts gives it something else to use; each costs the agent's start. */
export const unusedByNodeVault = ['debug', 'https', 'mustache', 'tv4'] as const

/** The same of its own files: one function for every endpoint, of which none is called. */
export const unusedOfNodeVault = /^\.\/commands\.js$/
