/** The texts of policies, JSON or HCL, read into rules. */
import { parseHcl } from '../../agent/config/hcl/parse-hcl.ts'
import { type JsonObject, type JsonValue, parseJson } from '../../core/json.ts'
import { Refusal } from './exchange.ts'

const capabilities = [
  'create',
  'read',
  'update',
  'patch',
  'delete',
  'list',
  'sudo',
  'deny',
] as const
export type Capability = (typeof capabilities)[number]

/** `path` is exact, or has `+` for whole segments, or ends in `*` for any rest. */
export interface Rule {
  readonly path: string
  readonly capabilities: readonly Capability[]
}

const isCapability = (value: JsonValue): value is Capability =>
  capabilities.some((capability) => capability === value)

/**
 * The rules of `path "secret/data/app/*" { capabilities = ["read"] }`, or of the same in JSON.
 * Throws a 400 `Refusal`, also for constraints other than capabilities: ignoring those would allow too much.
 */
export function parsePolicy(text: string): readonly Rule[] {
  const policy = parseText(text)
  const paths = blocksOf(policy.get('path'))
  if (policy.size !== 1 || paths.length === 0) {
    throw invalid('expected path "PATH" { capabilities = […] }')
  }
  return paths.flatMap((block) => Array.from(block, ([path, rule]) => parseRule(path, rule)))
}

function parseText(text: string): JsonObject {
  if (!text.trimStart().startsWith('{')) return parseHclText(text)
  try {
    const parsed = parseJson(text)
    if (parsed instanceof Map) return parsed
  } catch {
    // Told below, in the same words as any other wrong form.
  }
  throw invalid('expected a JSON object')
}

function parseHclText(text: string): JsonObject {
  const parsed = parseHcl(text, 'policy')
  if (parsed.kind === 'ok') return parsed.value
  const [issue] = parsed.issues
  throw invalid(`line ${issue?.at?.line ?? 1}: expected ${issue?.expected ?? 'HCL'}`)
}

/** A block is a map, or in a list where it can be repeated; none for anything else. */
function blocksOf(value: JsonValue | undefined): readonly JsonObject[] {
  const blocks: readonly (JsonValue | undefined)[] = Array.isArray(value) ? value : [value]
  return blocks.every((block) => block instanceof Map) ? blocks : []
}

function parseRule(path: string, value: JsonValue): Rule {
  const [rule, ...others] = blocksOf(value)
  const listed = rule?.get('capabilities')
  if (rule?.size !== 1 || others.length > 0 || !Array.isArray(listed)) {
    throw invalid(`path "${path}": expected "capabilities" and nothing else`)
  }
  if (path.includes('+*'))
    throw invalid(`path "${path}": invalid use of wildcards ('+*' is forbidden)`)
  const unknown = listed.find((item) => !isCapability(item))
  if (unknown !== undefined) {
    const name = typeof unknown === 'string' ? ` "${unknown}"` : ''
    throw invalid(`path "${path}": invalid capability${name}`)
  }
  return { path: path.replace(/^\//, ''), capabilities: listed.filter(isCapability) }
}

function invalid(reason: string): Refusal {
  return new Refusal(400, `failed to parse policy: ${reason}`)
}
