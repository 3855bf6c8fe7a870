/** A file of `KEY=VALUE` lines, as `kubectl create secret generic --from-env-file` takes it. */
import { AppError } from '../../core/errors.ts'

/** What Kubernetes takes for a key and shells for a name. */
const keyPattern = /^[-._A-Za-z][-._A-Za-z0-9]*$/

/**
 * Key → value as it stands behind the first `=`: quotes are part of it. Empty lines and those that begin with `#` are passed over.
 * Throws `input_invalid` with file and line, and with nothing of the line. Source: kubectl, pkg/cmd/util/env_file.go; a key without
 * `=`, whose value kubectl takes from its environment, is refused.
 */
export function parseEnvFile(bytes: Uint8Array, file: string): ReadonlyMap<string, Uint8Array> {
  const members = new Map<string, Uint8Array>()
  // One character for each byte, so that values stay what they are.
  const text = Buffer.from(bytes)
    .toString('latin1')
    .replace(/^\u00EF\u00BB\u00BF/, '')
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const written = line.trimStart()
    if (written === '' || written.startsWith('#')) continue
    const at = written.indexOf('=')
    const key = written.slice(0, Math.max(0, at))
    const fail = (expected: string): never => {
      throw new AppError('input_invalid', { file, line: index + 1, expected })
    }
    if (!keyPattern.test(key)) fail('KEY=VALUE, the key of letters, digits, "-", "_" and "."')
    if (members.has(key)) fail('each key once')
    members.set(key, Buffer.from(written.slice(at + 1), 'latin1'))
  }
  if (members.size === 0) throw new AppError('input_invalid', { file, expected: 'KEY=VALUE lines' })
  return members
}
