/** The rows of the annotation table that say which files a pod gets. */
import { engineNames, formatNames } from '../../../core/template/vocabulary.ts'
import { processName } from '../kinds/name-kinds.ts'
import { agentFile, directory, relativePath } from '../kinds/path-kinds.ts'
import { anyText, boolOrFalse } from '../kinds/stock-kinds.ts'
import {
  bool,
  choice,
  choiceInAnyCase,
  duration,
  fileMode,
  orEmpty,
  quantity,
  text,
} from '../kinds/value-kinds.ts'
import { family, plain } from './annotation.ts'

const since = '0.1.0'
const stock = anyText

/** Part of the annotation table. */
export const secretAnnotations = {
  secret: family('agent-inject-secret-', text, {
    class: 'free',
    default: '',
    since,
    doc: 'Declares the secret `<name>`; the value is its path. The file is called `<name>`, in lower case unless `preserve-secret-case` is on. Blank declares nothing.',
  }),
  template: family('agent-inject-template-', text, {
    class: 'free',
    default: '`agent-inject-default-template`',
    since,
    doc: 'The Go template whose output becomes the file; declares the secret by itself too.',
  }),
  templateFile: family('agent-inject-template-file-', agentFile, {
    class: 'gated',
    default: '',
    since,
    stock,
    doc: 'A file in the agent’s containers that holds the template; declares the secret by itself too. An inline template beats it.',
  }),
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
  format: family('agent-inject-format-', choice(formatNames), {
    class: 'free',
    default: '',
    since,
    ours: true,
    agents: 'claviger',
    doc: 'What the secret becomes without a template: lines for a shell, for a `.env` file, JSON, YAML, Java properties, TOML, or its one value as it is.',
  }),
  engine: plain('agent-template-engine', choice(engineNames), {
    class: 'free',
    default: '`go`',
    since,
    ours: true,
    agents: 'claviger',
    doc: 'The language of the templates.',
  }),
  ownEngine: family('agent-template-engine-', choice(engineNames), {
    class: 'free',
    default: '`agent-template-engine`',
    since,
    ours: true,
    agents: 'claviger',
    doc: 'The same for one secret.',
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
  atomicSecrets: plain('agent-atomic-secrets', bool, {
    class: 'free',
    default: 'false',
    since,
    ours: true,
    agents: 'claviger',
    doc: 'Makes all files of a directory of secrets change at the same moment, as those of a Secret’s volume do: they are links into a directory that is replaced as a whole.',
  }),
  leftDelimiter: family('agent-template-left-delim-', text, {
    class: 'free',
    default: '`{{`',
    since,
    doc: 'What opens an action in the template.',
  }),
  rightDelimiter: family('agent-template-right-delim-', text, {
    class: 'free',
    default: '`}}`',
    since,
    doc: 'What closes an action in the template.',
  }),
  errorOnMissingKey: family('error-on-missing-key-', bool, {
    class: 'free',
    default: 'false',
    since,
    doc: 'Makes a key that the secret does not have an error instead of `<no value>`.',
  }),
  defaultTemplate: plain('agent-inject-default-template', choiceInAnyCase(['map', 'json']), {
    class: 'free',
    default: 'flag `-default-template`, else `map`',
    since,
    doc: 'What secrets without a template become: one `key: value` line an entry of `.Data`, or all of it as JSON.',
  }),
  file: family('agent-inject-file-', orEmpty(relativePath), {
    class: 'bounded',
    default: '`<name>`',
    since,
    stock,
    doc: 'File name, or a path below the directory of the secrets.',
  }),
  perms: family('agent-inject-perms-', orEmpty(fileMode), {
    class: 'bounded',
    default: '`0644`',
    since,
    stock,
    doc: 'Permission bits of the file.',
  }),
  preserveCase: plain('preserve-secret-case', bool, {
    class: 'free',
    default: 'false',
    since,
    stock: boolOrFalse,
    doc: 'Keeps the letter case of `<name>` in the names of the files.',
  }),
  preserveOwnCase: family('preserve-secret-case-', bool, {
    class: 'free',
    default: '`preserve-secret-case`',
    since,
    stock: boolOrFalse,
    doc: 'The same for one secret.',
  }),
  secretVolumePath: plain('secret-volume-path', directory, {
    class: 'bounded',
    default: '`/vault/secrets`',
    since,
    stock,
    doc: 'Directory in the containers where the files appear, read-only for the app.',
  }),
  secretOwnPath: family('secret-volume-path-', directory, {
    class: 'bounded',
    default: '`secret-volume-path`',
    since,
    stock,
    doc: 'A directory for this secret alone, on a memory volume of its own.',
  }),
  volumeSize: plain('agent-secret-volume-size-limit', quantity, {
    class: 'bounded',
    default: '`16Mi`',
    since,
    ours: true,
    doc: 'The most that each of those memory volumes holds; "" for no limit.',
  }),
} as const
