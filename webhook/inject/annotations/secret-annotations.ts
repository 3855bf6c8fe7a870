/** The rows of the annotation table that say which secrets a pod gets and what their files hold. */
import { engineNames, formatNames } from '../../../core/template/vocabulary.ts'
import { agentFile } from '../kinds/path-kinds.ts'
import { anyText } from '../kinds/stock-kinds.ts'
import { bool, choice, choiceInAnyCase, text } from '../kinds/value-kinds.ts'
import { family, plain } from './annotation.ts'

const since = '0.1.0'
const stock = anyText

/** Part of the annotation table. */
export const secretAnnotations = {
  secret: family('agent-inject-secret-', text, {
    class: 'free',
    default: '',
    since,
    doc: 'Declares the secret `<name>`; the value is its path, or a reference to another store such as `aws:prod/db#password`. The file is called `<name>`, in lower case unless `preserve-secret-case` is on. Blank declares nothing.',
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
  format: family('agent-inject-format-', choice(formatNames), {
    class: 'free',
    default: '',
    since,
    ours: true,
    agents: 'claviger',
    doc: 'What the secret becomes without a template: lines for a shell, for a `.env` file, JSON, YAML, Java properties, TOML, or its one value as it is.',
  }),
  defaultTemplate: plain('agent-inject-default-template', choiceInAnyCase(['map', 'json']), {
    class: 'free',
    default: 'flag `-default-template`, else `map`',
    since,
    doc: 'What secrets without a template become: one `key: value` line an entry of `.Data`, or all of it as JSON.',
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
} as const
