/** A YAML document as the JSON text that Kubernetes makes of it before it decodes it. */
import { fromByteString, toByteString } from '../../core/template/byte-string.ts'
import { FunctionError } from '../../core/template/functions/function.ts'
import { keyOf } from '../../core/template/map-key.ts'
import type { ConcreteValue, Value } from '../../core/template/values.ts'
import { parseYaml } from '../../core/template/yaml/reader.ts'

export type YamlReading =
  | { readonly kind: 'json'; readonly text: string }
  /** In the words of Go's YAML package. */
  | { readonly kind: 'malformed'; readonly problem: string }

/** Source: sigs.k8s.io/yaml, YAMLToJSON. */
export function convertYaml(text: string): YamlReading {
  try {
    return { kind: 'json', text: write(parseYaml(toByteString(text))) }
  } catch (thrown) {
    if (thrown instanceof FunctionError) {
      const words = thrown.parts.filter((part) => typeof part === 'string')
      return { kind: 'malformed', problem: words.join('') }
    }
    // What is nested too deep for the reader.
    if (thrown instanceof RangeError) {
      return { kind: 'malformed', problem: 'yaml: exceeded max depth of 10000' }
    }
    throw thrown
  }
}

function write(value: Value): string {
  if (value === undefined) return 'null'
  if (typeof value === 'string') return JSON.stringify(fromByteString(value))
  if (typeof value === 'boolean') return String(value)
  switch (value.kind) {
    case 'interface':
      return write(value.value)
    case 'int':
    case 'uint':
    case 'float':
      return String(value.value)
    case 'slice':
      return `[${value.items.map(write).join(',')}]`
    case 'map': {
      const members = Array.from(
        value.entries,
        ([name, member]) => `${JSON.stringify(spellKey(keyOf(name)))}:${write(member)}`,
      )
      return `{${members.join(',')}}`
    }
    default:
      return 'null'
  }
}

/** Every key is a string in JSON. */
function spellKey(key: ConcreteValue | undefined): string {
  if (typeof key === 'string') return fromByteString(key)
  if (typeof key === 'object' && 'value' in key) return String(key.value)
  return String(key ?? 'null')
}
