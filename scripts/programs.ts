/** The shipped programs: bundle name and entry point. */
export const programs = [
  { name: 'webhook', entry: 'webhook/main.ts' },
  { name: 'agent', entry: 'agent/main.ts' },
  { name: 'claviger', entry: 'cli/main.ts' },
] as const
