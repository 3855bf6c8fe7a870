/** The condition that disarms a webhook or policy until a moment, and the patches that add and remove it. */
import type {
  V1MatchCondition,
  V1MutatingWebhookConfiguration,
  V1ObjectMeta,
  V1ValidatingAdmissionPolicy,
} from '@kubernetes/client-node'
import type { PatchOperation } from '../cluster/cluster.ts'

const conditionName = 'break-glass'

const annotationKeys = {
  until: 'claviger.dev/disarmed-until',
  by: 'claviger.dev/disarmed-by',
  reason: 'claviger.dev/disarmed-reason',
} as const

export interface Disarming {
  /** Milliseconds since the epoch, whole seconds. */
  readonly until: number
  readonly by: string
  /** Empty for none. */
  readonly reason: string
}

/** A webhook configuration or policy with its lists of conditions. */
export interface Guard {
  readonly resource: 'mutatingwebhookconfigurations' | 'validatingadmissionpolicies'
  readonly kind: string
  readonly name: string
  readonly metadata: V1ObjectMeta
  readonly lists: readonly ConditionList[]
}

interface ConditionList {
  /** JSON Pointer. */
  readonly path: string
  readonly conditions: readonly V1MatchCondition[] | undefined
  /** True from the moment on, by the clock of the API server. */
  readonly express: (until: string) => string
}

export function guardOfWebhooks({ metadata, webhooks }: V1MutatingWebhookConfiguration): Guard {
  return {
    resource: 'mutatingwebhookconfigurations',
    kind: 'MutatingWebhookConfiguration',
    name: metadata?.name ?? '',
    metadata: metadata ?? {},
    lists: (webhooks ?? []).map(({ matchConditions }, index) => ({
      path: `/webhooks/${index}/matchConditions`,
      conditions: matchConditions,
      express: expressByFields,
    })),
  }
}

export function guardOfPolicy({ metadata, spec }: V1ValidatingAdmissionPolicy): Guard {
  return {
    resource: 'validatingadmissionpolicies',
    kind: 'ValidatingAdmissionPolicy',
    name: metadata?.name ?? '',
    metadata: metadata ?? {},
    lists: [
      {
        path: '/spec/matchConditions',
        conditions: spec?.matchConditions,
        express: (until) => `timestamp(object.metadata.creationTimestamp) >= timestamp('${until}')`,
      },
    ],
  }
}

/** An object has no creationTimestamp yet where webhooks are called, but managedFields with the time of the request. */
function expressByFields(until: string): string {
  const isLater = `has(m.time) && timestamp(m.time) >= timestamp('${until}')`
  return `!has(object.metadata.managedFields) || object.metadata.managedFields.exists(m, ${isLater})`
}

/** Undefined for a guard that is as the chart made it. A moment that has passed is harmless and still told. */
export function readDisarming({ metadata, lists }: Guard): Disarming | undefined {
  const condition = lists.flatMap(({ conditions = [] }) => conditions).find(isOurs)
  const [, text = ''] = /timestamp\('([^']*)'\)/.exec(condition?.expression ?? '') ?? []
  const until = Date.parse(text)
  if (Number.isNaN(until)) return undefined
  const annotations = metadata.annotations ?? {}
  const { by, reason } = annotationKeys
  return { until, by: annotations[by] ?? '', reason: annotations[reason] ?? '' }
}

/** Replaces what an earlier one has left; undefined removes it. Fails where the object has changed since it was read. */
export function buildPatch(
  { metadata, lists }: Guard,
  disarming: Disarming | undefined,
): readonly PatchOperation[] {
  const until = disarming === undefined ? undefined : formatTime(disarming.until)
  return [
    { op: 'test', path: '/metadata/resourceVersion', value: metadata.resourceVersion },
    ...lists.flatMap((list) => changeConditions(list, until)),
    ...changeAnnotations(metadata, disarming),
  ]
}

export function formatTime(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
}

function changeConditions(
  { path, conditions, express }: ConditionList,
  until: string | undefined,
): readonly PatchOperation[] {
  const present = (conditions ?? []).flatMap((condition, index) =>
    isOurs(condition) ? [`${path}/${index}`] : [],
  )
  const removals = present.toReversed().map((place) => ({ op: 'remove', path: place }) as const)
  if (until === undefined) return removals
  const condition = { name: conditionName, expression: express(until) }
  const addition: PatchOperation =
    conditions === undefined
      ? { op: 'add', path, value: [condition] }
      : { op: 'add', path: `${path}/-`, value: condition }
  return [...removals, addition]
}

function changeAnnotations(
  { annotations }: V1ObjectMeta,
  disarming: Disarming | undefined,
): readonly PatchOperation[] {
  const path = (key: string) => `/metadata/annotations/${key.replace('/', '~1')}`
  const removals = Object.values(annotationKeys)
    .filter((key) => annotations?.[key] !== undefined)
    .map((key) => ({ op: 'remove', path: path(key) }) as const)
  if (disarming === undefined) return removals
  const { until, by, reason } = disarming
  const values = [
    [annotationKeys.until, formatTime(until)],
    [annotationKeys.by, by],
    ...(reason === '' ? [] : [[annotationKeys.reason, reason] as const]),
  ] as const
  return [
    ...(annotations === undefined
      ? [{ op: 'add', path: '/metadata/annotations', value: {} } as const]
      : removals),
    ...values.map(([key, value]) => ({ op: 'add', path: path(key), value }) as const),
  ]
}

function isOurs({ name }: V1MatchCondition): boolean {
  return name === conditionName
}
