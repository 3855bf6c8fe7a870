/** The rows of the annotation table that say which files a pod gets. */
import { family, plain } from './annotation.ts'
import { agentFile, directory, relativePath } from './path-kinds.ts'
import { bool, choiceInAnyCase, fileMode, orEmpty, text } from './value-kinds.ts'

const since = '0.1.0'

/** Part of the annotation table. */
export const secretAnnotations = {
  secret: family('agent-inject-secret-', text, {
    default: '',
    since,
    doc: 'Declares the secret `<name>`; the value is its path. The file is called `<name>`, in lower case unless `preserve-secret-case` is on. Blank declares nothing.',
  }),
  template: family('agent-inject-template-', text, {
    default: '`agent-inject-default-template`',
    since,
    doc: 'The Go template whose output becomes the file; declares the secret by itself too.',
  }),
  templateFile: family('agent-inject-template-file-', agentFile, {
    default: '',
    since,
    doc: 'A file in the agent’s containers that holds the template; declares the secret by itself too. An inline template beats it.',
  }),
  leftDelimiter: family('agent-template-left-delim-', text, {
    default: '`{{`',
    since,
    doc: 'What opens an action in the template.',
  }),
  rightDelimiter: family('agent-template-right-delim-', text, {
    default: '`}}`',
    since,
    doc: 'What closes an action in the template.',
  }),
  errorOnMissingKey: family('error-on-missing-key-', bool, {
    default: 'false',
    since,
    doc: 'Makes a key that the secret does not have an error instead of `<no value>`.',
  }),
  defaultTemplate: plain('agent-inject-default-template', choiceInAnyCase(['map', 'json']), {
    default: 'flag `-default-template`, else `map`',
    since,
    doc: 'What secrets without a template become: one `key: value` line an entry of `.Data`, or all of it as JSON.',
  }),
  file: family('agent-inject-file-', orEmpty(relativePath), {
    default: '`<name>`',
    since,
    doc: 'File name, or a path below the directory of the secrets.',
  }),
  perms: family('agent-inject-perms-', orEmpty(fileMode), {
    default: '`0644`',
    since,
    doc: 'Permission bits of the file.',
  }),
  preserveCase: plain('preserve-secret-case', bool, {
    default: 'false',
    since,
    doc: 'Keeps the letter case of `<name>` in the names of the files.',
  }),
  preserveOwnCase: family('preserve-secret-case-', bool, {
    default: '`preserve-secret-case`',
    since,
    doc: 'The same for one secret.',
  }),
  token: plain('agent-inject-token', bool, {
    default: 'false',
    since,
    doc: 'Writes the token that the agent got to the file `token` in `secret-volume-path`.',
  }),
  secretVolumePath: plain('secret-volume-path', directory, {
    default: '`/vault/secrets`',
    since,
    doc: 'Directory in the containers where the files appear, read-only for the app.',
  }),
  secretOwnPath: family('secret-volume-path-', directory, {
    default: '`secret-volume-path`',
    since,
    doc: 'A directory for this secret alone, on a memory volume of its own.',
  }),
} as const
