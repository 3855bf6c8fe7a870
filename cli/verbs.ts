/** The verbs of the command line; each is loaded only when it is called. */
import type { CompletionVerb } from './completion.ts'
import type { Verb } from './terminal.ts'

export interface VerbRow {
  readonly summary: string
  readonly load: () => Promise<Verb>
}

export const verbs: ReadonlyMap<string, VerbRow> = new Map([
  [
    'inject',
    {
      summary: 'print manifests as the webhook would change them, without a cluster',
      load: async () => (await import('./inject-command.ts')).injectVerb,
    },
  ],
  [
    'validate',
    {
      summary: 'report every problem of the annotations in manifests, for people and for CI',
      load: async () => (await import('./validate-command.ts')).validateVerb,
    },
  ],
  [
    'render',
    {
      summary: 'render the files that pods would get, without a cluster',
      load: async () => (await import('./render-command.ts')).renderVerb,
    },
  ],
  [
    'annotations',
    {
      summary: 'search the annotation reference',
      load: async () => (await import('./annotations-command.ts')).annotationsVerb,
    },
  ],
  [
    'convert',
    {
      summary: 'turn values and flags of vault-k8s into ours, and list what has no counterpart',
      load: async () => (await import('./convert-command.ts')).convertVerb,
    },
  ],
  [
    'doctor',
    {
      summary: 'find what is wrong with the webhook, its pods, and their way to the store',
      load: async () => (await import('./doctor/command.ts')).doctorVerb,
    },
  ],
  [
    'status',
    {
      summary: 'list the pods with an agent: health, age and expiry of their secrets, last error',
      load: async () => (await import('./status/command.ts')).statusVerb,
    },
  ],
  [
    'break-glass',
    {
      summary: 'switch injection off for a time, after which it is on again by itself',
      load: async () => (await import('./break-glass/command.ts')).breakGlassVerb,
    },
  ],
  [
    'get',
    {
      summary: 'print a secret or one key of it, from any store',
      load: async () => (await import('./stores/get-command.ts')).getVerb,
    },
  ],
  [
    'set',
    {
      summary: 'write a secret or one key of it',
      load: async () => (await import('./stores/set-command.ts')).setVerb,
    },
  ],
  [
    'list',
    {
      summary: 'list the names of the secrets of a store',
      load: async () => (await import('./stores/list-command.ts')).listVerb,
    },
  ],
  [
    'delete',
    {
      summary: 'delete a secret',
      load: async () => (await import('./stores/delete-command.ts')).deleteVerb,
    },
  ],
  [
    'restore',
    {
      summary: 'undo the deletion of a secret',
      load: async () => (await import('./stores/restore-command.ts')).restoreVerb,
    },
  ],
  [
    'rotate',
    {
      summary: 'have a store rotate a secret',
      load: async () => (await import('./stores/rotate-command.ts')).rotateVerb,
    },
  ],
  [
    'history',
    {
      summary: 'list the versions of a secret',
      load: async () => (await import('./stores/history-command.ts')).historyVerb,
    },
  ],
  [
    'stores',
    {
      summary: 'list the stores that references may name, and the settings of each type',
      load: async () => (await import('./stores/stores-command.ts')).storesVerb,
    },
  ],
  [
    'template',
    {
      summary: 'render templates given as JSON lines, or print the reference of their functions',
      load: async () => ({
        run: (await import('./template-command.ts')).runTemplate,
        flags: (await import('./template-command.ts')).templateFlags,
        words: ['run', 'functions'],
      }),
    },
  ],
  [
    'dev',
    {
      summary: 'start a store for development, reachable over HTTP like Vault',
      load: async () => ({
        run: (await import('./dev/command.ts')).runDev,
        flags: (await import('./dev/flags.ts')).devFlags,
        words: ['token'],
      }),
    },
  ],
  [
    'completion',
    {
      summary: 'print the completion script of a shell',
      load: async () => (await import('./completion-command.ts')).createCompletionVerb(loadVerbs),
    },
  ],
])

/** All of them, for completion. */
export function loadVerbs(): Promise<readonly CompletionVerb[]> {
  return Promise.all(
    Array.from(verbs, async ([name, { summary, load }]) => {
      const { flags, words = [], takesFiles = false } = await load()
      return { name, summary, flags, words, takesFiles }
    }),
  )
}

export function formatUsage(): string {
  const width = Math.max(...Array.from(verbs.keys(), (name) => name.length))
  const lines = Array.from(verbs, ([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`)
  return `Usage: claviger VERB [flags]

Verbs:
${lines.join('\n')}

\`claviger VERB --help\` describes a verb, \`claviger --version\` prints the version.
`
}
