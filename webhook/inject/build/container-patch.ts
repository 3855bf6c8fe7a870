/** The JSON Patch that an annotation has for an agent container. */
import jsonPatch, { type Operation } from 'fast-json-patch'
import { isObject } from '../../../core/plain-object.ts'
import type { Json } from '../pod.ts'
import type { Problem } from '../problem.ts'
import { containerType } from '../stock/container-type.ts'
import { convert } from '../stock/go-type.ts'
import { spellStrictly } from '../stock/lenient-patch.ts'

export interface ContainerPatch {
  /** A JSON list of operations, or `null` for none. */
  readonly text: string
  /** The annotation, as the pod spells it. */
  readonly path: string
  /** In the dialect of vault-k8s, and into Kubernetes' types, which lose what they do not know. */
  readonly lenient: boolean
}

/** A pod must not keep the webhook busy. */
const limits = { bytes: 64 * 1024, operations: 100 }

/** Problem codes: `json_patch`, `pod`. */
export function patchContainer(
  container: Json,
  patch: ContainerPatch,
): { readonly container: Json; readonly problems: readonly Problem[] } {
  const operations: unknown = JSON.parse(patch.text) ?? []
  if (!isPatch(operations)) return refuse(container, patch, 'a list of operations')
  if (patch.text.length > limits.bytes || operations.length > limits.operations) {
    const { bytes, operations: count } = limits
    return refuse(container, patch, `at most ${count} operations in ${bytes} bytes`)
  }
  const document: { current: unknown } = { current: cloneJson(container) }
  for (const [index, operation] of operations.entries()) {
    const wrong = apply(document, operation, patch)
    if (wrong !== undefined) return refuse(container, patch, `${wrong} (operation ${index})`)
  }
  return conclude(container, document.current, patch)
}

/** What the operation would have needed; undefined when it has been applied. */
function apply(
  document: { current: unknown },
  operation: Json,
  { lenient }: ContainerPatch,
): string | undefined {
  const strict = lenient ? spellStrictly(operation, document.current) : operation
  if (strict === undefined) return 'an operation that applies to the container'
  try {
    // Its own checks refuse what is no operation; segments like __proto__ are refused too.
    const { newDocument } = jsonPatch.applyOperation(
      document.current,
      strict as unknown as Operation,
      true,
      true,
      true,
    )
    document.current = newDocument
    return undefined
  } catch {
    return 'an operation that applies to the container'
  }
}

function conclude(container: Json, patched: unknown, patch: ContainerPatch) {
  const converted = convert(containerType, patch.lenient ? sortKeys(patched) : patched, 'container')
  if (converted.kind === 'problem') {
    const { path, expected } = converted.problem
    return refuse(container, patch, `${expected} at ${path} afterwards`)
  }
  const result = patch.lenient ? converted.value : patched
  if (!isObject(result)) return refuse(container, patch, 'a container afterwards')
  if (!patch.lenient && result['name'] !== container['name']) {
    return refuse(container, patch, 'operations that leave the name of the container alone')
  }
  return { container: result, problems: [] }
}

function refuse(container: Json, { path }: ContainerPatch, expected: string) {
  const problem: Problem = { code: 'json_patch', path, expected, stage: 'patch' }
  return { container, problems: [problem] }
}

function isPatch(value: unknown): value is readonly Json[] {
  return Array.isArray(value) && value.every(isObject)
}

/** Go writes the members of a map in the order of their keys; of `Image` and `image` the later one then counts. */
function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (!isObject(value)) return value
  const members = Object.entries(value).map(([key, member]) => [key, sortKeys(member)] as const)
  return Object.fromEntries(members.sort(([left], [right]) => (left < right ? -1 : 1)))
}

function cloneJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(cloneJson)
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, cloneJson(member)]))
}
