/** The verbs of the command line; each is loaded only when it is called. */
import type { RunVerb } from './terminal.ts'

interface Verb {
  readonly summary: string
  readonly load: () => Promise<RunVerb>
}

export const verbs: ReadonlyMap<string, Verb> = new Map([
  [
    'inject',
    {
      summary: 'print manifests as the webhook would change them, without a cluster',
      load: async () => (await import('./inject-command.ts')).runInject,
    },
  ],
  [
    'template',
    {
      summary: 'render templates: `template run --jsonl` reads one JSON object a line',
      load: async () => (await import('./template-command.ts')).runTemplate,
    },
  ],
  [
    'dev',
    {
      summary: 'start a store for development, reachable over HTTP like Vault',
      load: async () => (await import('./dev/command.ts')).runDev,
    },
  ],
])

export function formatUsage(): string {
  const width = Math.max(...Array.from(verbs.keys(), (name) => name.length))
  const lines = Array.from(verbs, ([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`)
  return `Usage: claviger VERB [flags]

Verbs:
${lines.join('\n')}

\`claviger VERB --help\` describes a verb, \`claviger --version\` prints the version.
`
}
