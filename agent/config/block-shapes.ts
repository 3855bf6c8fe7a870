/** Brings the ways in which Vault's loader lets a block be written to one. Source: hashicorp/hcl v1, its JSON reader included. */
import type { JsonObject, JsonValue } from '../../core/json.ts'
import { knownKeys } from './known-keys.ts'

/** Names below these are the user's own or case-sensitive: the values stay, and so do the keys. */
const verbatim = new Set(['config', 'env_template'])

/**
 * The same configuration with its keys in lower case (case does not matter to Vault's loader) and with the labels of
 * `method`, `sink`, `listener` and `persist` as their `type`, in lower case; a `type` inside wins. `sinks` that wrap a `sink`, or
 * list them, join the sinks. Several blocks `stores`, each with a label, are one.
 */
export function unifyShapes(root: JsonObject): JsonObject {
  return mapMembers(lowerKeys(root), {
    auto_auth: mapBlocks(unifyAutoAuth),
    cache: mapBlocks((cache) => mapMembers(cache, { persist: nameTypes('persist') })),
    listener: nameTypes('listener'),
    template: dropLabels('template'),
    claviger: mapBlocks((own) => mapMembers(own, { stores: joinBlocks })),
    env_template: mapBlocks(
      (group) => new Map([...group].map(([name, value]) => [name, mapBlocks(lowerKeys)(value)])),
    ),
  })
}

type Mapping = (value: JsonValue) => JsonValue

function unifyAutoAuth(block: JsonObject): JsonObject {
  const nameSinks = nameTypes('sink')
  const members = mapMembers(block, { method: nameTypes('method'), sink: nameSinks })
  const wrapped = listOf(members.get('sinks')).flatMap((item) =>
    item instanceof Map && item.has('sink') ? listOf(item.get('sink')) : [item],
  )
  if (wrapped.length === 0) return members
  const sinks = [...listOf(members.get('sink')), ...listOf(nameSinks(wrapped))]
  const joined = new Map(members).set('sink', sinks)
  joined.delete('sinks')
  return joined
}

function lowerKeys(block: JsonObject): JsonObject {
  const members = new Map<string, JsonValue>()
  for (const [key, value] of block) {
    const name = key.toLowerCase()
    const lowered = verbatim.has(name) ? value : lowerValue(value)
    const present = members.get(name)
    const joins = present !== undefined && areBlocks(present) && areBlocks(lowered)
    members.set(name, joins ? [...listOf(present), ...listOf(lowered)] : lowered)
  }
  return members
}

function lowerValue(value: JsonValue): JsonValue {
  if (value instanceof Map) return lowerKeys(value)
  return Array.isArray(value) ? value.map(lowerValue) : value
}

/** Blocks as one with the members of all; those of one name are a list under it. */
function joinBlocks(value: JsonValue): JsonValue {
  if (!areBlocks(value)) return value
  const members = new Map<string, JsonValue>()
  for (const item of listOf(value)) {
    for (const [name, body] of item instanceof Map ? item : []) {
      const present = members.get(name)
      members.set(name, present === undefined ? body : [present, body].flat())
    }
  }
  return members
}

/** `{"tcp":{…}}` becomes `{"type":"tcp",…}`. */
function nameTypes(block: keyof typeof knownKeys): Mapping {
  return mapLabelled(block, (label, body) => new Map([['type', label.toLowerCase()], ...body]))
}

/** A label of a block that has none is read and means nothing. */
function dropLabels(block: keyof typeof knownKeys): Mapping {
  return mapLabelled(block, (_, body) => body)
}

function mapLabelled(
  block: keyof typeof knownKeys,
  convert: (label: string, body: JsonObject) => JsonObject,
): Mapping {
  const { keys } = knownKeys[block]
  return (value) => {
    const list = listOf(value)
    const converted = list.flatMap((item) => {
      const labels = item instanceof Map ? [...item] : []
      const isLabelled =
        labels.length > 0 && labels.every(([key, body]) => !keys.has(key) && areBlocks(body))
      if (!isLabelled) return [item]
      return labels.flatMap(([label, bodies]) =>
        listOf(bodies).flatMap((body) => (body instanceof Map ? [convert(label, body)] : [])),
      )
    })
    return Array.isArray(value) || converted.length !== 1 ? converted : (converted[0] ?? null)
  }
}

function mapBlocks(convert: (block: JsonObject) => JsonObject): Mapping {
  const one: Mapping = (value) => (value instanceof Map ? convert(value) : value)
  return (value) => (Array.isArray(value) ? value.map(one) : one(value))
}

function mapMembers(block: JsonObject, mappings: Readonly<Record<string, Mapping>>): JsonObject {
  return new Map(
    Array.from(block, ([key, value]) => {
      const mapping = Object.hasOwn(mappings, key) ? mappings[key] : undefined
      return [key, mapping === undefined ? value : mapping(value)] as const
    }),
  )
}

function areBlocks(value: JsonValue): boolean {
  const list = listOf(value)
  return list.length > 0 && list.every((item) => item instanceof Map)
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? value : [value]
}
