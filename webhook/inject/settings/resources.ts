/** Requests and limits of the agent containers. */
import type { AnnotationReader } from '../annotations/annotation-reader.ts'
import { annotations } from '../annotations/annotations.ts'
import { parseQuantity } from '../kinds/quantity.ts'
import type { Problem } from '../problem.ts'
import type { ResourceList, Resources, WebhookDefaults } from '../profiles.ts'
import { canonicalizeQuantity } from '../stock/quantity-text.ts'
import type { Reading } from './reading.ts'

const rows = [
  { resource: 'cpu', request: annotations.requestsCpu, limit: annotations.limitsCpu },
  { resource: 'memory', request: annotations.requestsMemory, limit: annotations.limitsMemory },
  {
    resource: 'ephemeralStorage',
    request: annotations.requestsEphemeral,
    limit: annotations.limitsEphemeral,
  },
] as const

/**
 * Annotations over defaults. A default request above the pod's own limit is lowered to it; a request that the pod chose
 * itself must not exceed the limit, since the API server would refuse the pod: problem code `resource_conflict`.
 */
export function readResources(
  reader: AnnotationReader,
  { profile, resources: defaults }: WebhookDefaults,
): Reading<Resources> {
  const problems: Problem[] = []
  const requests: Record<string, string> = {}
  const limits: Record<string, string> = {}
  for (const { resource, request, limit } of rows) {
    const asked = reader.plain(request)
    const ceiling = reader.plain(limit) ?? defaults.limits[resource] ?? ''
    const wanted = asked ?? defaults.requests[resource] ?? ''
    const tooMuch = exceeds(wanted, ceiling)
    if (tooMuch && asked !== undefined) {
      problems.push({
        code: 'resource_conflict',
        path: reader.spell(request.key),
        expected: `at most the limit, ${ceiling}`,
        got: asked,
        hint: `raise ${reader.spell(limit.key)}`,
      })
    }
    requests[resource] = tooMuch && !profile.lenient ? ceiling : wanted
    limits[resource] = ceiling
    if (profile.lenient)
      problems.push(...checkTexts(reader, { request, limit }, { wanted, ceiling }))
  }
  const value = { requests: dropEmpty(requests), limits: dropEmpty(limits) }
  return { value, problems, warnings: [] }
}

/** vault-k8s notices a wrong quantity, the operator's too, where it writes it: with no agent at all it never does. */
function checkTexts(
  reader: AnnotationReader,
  { request, limit }: Pick<(typeof rows)[number], 'request' | 'limit'>,
  { wanted, ceiling }: { readonly wanted: string; readonly ceiling: string },
): readonly Problem[] {
  const written =
    (reader.plain(annotations.prePopulate) ?? true) ||
    !(reader.plain(annotations.prePopulateOnly) ?? false)
  if (!written) return []
  return [
    { row: request, text: wanted },
    { row: limit, text: ceiling },
  ]
    .filter(({ text }) => text !== '' && canonicalizeQuantity(text) === undefined)
    .map(({ row }) => ({
      code: 'annotation_value',
      path: reader.spell(row.key),
      expected: row.kind.expected,
      stage: 'patch',
    }))
}

function exceeds(request: string, limit: string): boolean {
  return (parseQuantity(request) ?? 0) > (parseQuantity(limit) ?? Number.POSITIVE_INFINITY)
}

function dropEmpty(list: ResourceList): ResourceList {
  return Object.fromEntries(Object.entries(list).filter(([, value]) => value !== ''))
}
