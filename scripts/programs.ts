/** The shipped programs: bundle name and entry point. */
export const programs = [
  { name: 'webhook', entry: 'webhook/main.ts' },
  { name: 'agent', entry: 'agent/main.ts' },
  { name: 'claviger', entry: 'cli/main.ts' },
] as const

/** What node-vault loads although core/vault/client.ts gives it something else to use; each costs the agent's start. */
export const unusedByNodeVault = ['debug', 'https', 'mustache', 'tv4'] as const
