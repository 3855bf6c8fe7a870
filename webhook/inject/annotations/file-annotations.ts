/** The rows of the annotation table that say where the files are and what they are called. */
import { directory, relativePath } from '../kinds/path-kinds.ts'
import { anyText, boolOrFalse } from '../kinds/stock-kinds.ts'
import { bool, fileMode, orEmpty, quantity } from '../kinds/value-kinds.ts'
import { family, plain } from './annotation.ts'

const since = '0.1.0'
const stock = anyText

/** Part of the annotation table. */
export const fileAnnotations = {
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
