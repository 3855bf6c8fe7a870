/** The shipped bundles: name and entry point. */
export const programs = [
  { name: 'webhook', entry: 'webhook/main.ts' },
  { name: 'agent', entry: 'agent/start.ts' },
  { name: 'agent-program', entry: 'agent/main.ts' },
  { name: 'claviger', entry: 'cli/main.ts' },
  // Not a program: the Kubernetes client, apart from the command line because most verbs never need it.
  { name: 'kubernetes-client', entry: 'cli/cluster/kubernetes-client.ts' },
] as const

/** Stays outside of the bundle `claviger`, which loads dist/kubernetes-client.cjs in its place. */
export const apart = /\/kubernetes-client\.ts$/

/** What node-vault loads although core/vault/client.ts gives it something else to use; each costs the agent's start. */
export const unusedByNodeVault = ['debug', 'https', 'mustache', 'tv4'] as const

/** The same of its own files: one function for every endpoint, of which none is called. */
export const unusedOfNodeVault = /^\.\/commands\.js$/
