/** The rows of the annotation table that say what happens when a secret changes, grows old or does not exist. */
import { processName } from '../kinds/name-kinds.ts'
import { bool, choice, duration, text } from '../kinds/value-kinds.ts'
import { family, plain } from './annotation.ts'

const since = '0.1.0'

/** Part of the annotation table. */
export const changeAnnotations = {
  command: family('agent-inject-command-', text, {
    class: 'gated',
    default: '',
    since,
    doc: 'A command that is run after the file has changed, by the init container too; with a space in it a line for `sh`, which Claviger’s agent has only in its image `vault-compatible`.',
  }),
  signal: family('agent-inject-signal-', processName, {
    class: 'gated',
    default: '',
    since,
    ours: true,
    agents: 'claviger',
    doc: 'The name of a program; after the file has changed each of its processes gets SIGHUP. Needs `agent-share-process-namespace`, and the agent as the same user (`agent-run-as-same-user`).',
  }),
  atomicSecrets: plain('agent-atomic-secrets', bool, {
    class: 'free',
    default: 'false',
    since,
    ours: true,
    agents: 'claviger',
    doc: 'Makes all files of a directory of secrets change at the same moment, as those of a Secret’s volume do: they are links into a directory that is replaced as a whole.',
  }),
  optional: family('agent-inject-optional-', bool, {
    class: 'free',
    default: 'false',
    since,
    ours: true,
    agents: 'claviger',
    doc: 'Lets the pod start without this file when the secret does not exist; the sidecar writes it once it does.',
  }),
  maxStale: family('agent-inject-max-stale-', duration, {
    class: 'free',
    default: 'none',
    since,
    ours: true,
    agents: 'claviger',
    doc: 'How long the secrets in this file may go without a good answer of the store; then `agent-max-stale-action` is taken.',
  }),
  maxStaleAction: plain('agent-max-stale-action', choice(['keep', 'remove', 'exit']), {
    class: 'free',
    default: '`keep`',
    since,
    ours: true,
    agents: 'claviger',
    doc: 'What becomes of a file that is too old: it stays and the agent says so, it is removed, or the agent ends.',
  }),
} as const
