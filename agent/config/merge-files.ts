/** Several configuration files as one. Source: Vault Agent's documentation of -config, and its loader. */
import type { JsonObject, JsonValue } from '../../core/json.ts'

const added = new Set(['template', 'env_template', 'listener'])
const joined = new Set(['disable_idle_connections', 'disable_keep_alives'])

/**
 * A later file's blocks take the place of an earlier one's, but `template`, `env_template` and `listener` add up;
 * `exit_after_auth` holds if any file says so, as do the subsystems of the lists; other keys have the last value that is not empty.
 * The keys are those that `unifyShapes` gives.
 */
export function mergeFiles(files: readonly JsonObject[]): JsonObject {
  return files.reduce((earlier, later) => {
    const merged = new Map(earlier)
    for (const [key, value] of later) {
      const present = merged.get(key)
      merged.set(key, present === undefined ? value : mergeValues(key, present, value))
    }
    return merged
  }, new Map<string, JsonValue>())
}

function mergeValues(key: string, earlier: JsonValue, later: JsonValue): JsonValue {
  if (later === null || later === '') return earlier
  if (added.has(key) || joined.has(key)) return [earlier, later].flat()
  return key === 'exit_after_auth' && earlier === true && later === false ? true : later
}
