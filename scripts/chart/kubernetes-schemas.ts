/** Kubernetes' description of its API as JSON Schema that refuses unknown fields, reduced to the kinds that the chart may render. */

type Json = Readonly<Record<string, unknown>>

interface Description extends Json {
  readonly definitions: Readonly<Record<string, Json>>
}

const kinds = [
  'v1/ConfigMap',
  'v1/Namespace',
  'v1/Pod',
  'v1/Secret',
  'v1/Service',
  'v1/ServiceAccount',
  'apps/v1/Deployment',
  'batch/v1/CronJob',
  'batch/v1/Job',
  'policy/v1/PodDisruptionBudget',
  'networking.k8s.io/v1/NetworkPolicy',
  'rbac.authorization.k8s.io/v1/ClusterRole',
  'rbac.authorization.k8s.io/v1/ClusterRoleBinding',
  'rbac.authorization.k8s.io/v1/Role',
  'rbac.authorization.k8s.io/v1/RoleBinding',
  'admissionregistration.k8s.io/v1/MutatingWebhookConfiguration',
  'admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy',
  'admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding',
]

const kindField = 'x-kubernetes-group-version-kind'

/** `definitions` for references, and by `kinds` the reference of each kind that the version has. */
export function readKubernetes({ definitions }: Description): Json {
  const found = new Map<string, string>()
  for (const [name, schema] of Object.entries(definitions)) {
    for (const kind of listKinds(schema[kindField])) {
      if (kinds.includes(kind)) found.set(kind, `#/definitions/${name}`)
    }
  }
  const reached = new Set<string>()
  for (const reference of found.values()) reach(reference, definitions, reached)
  const kept = [...reached].sort().map((name) => [name, closeSchema(definitions[name])])
  return { kinds: Object.fromEntries(found), definitions: Object.fromEntries(kept) }
}

function listKinds(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return []
  return value.map(({ group, version, kind }) =>
    [group, version, kind].filter((part) => part !== '').join('/'),
  )
}

function reach(reference: string, all: Description['definitions'], reached: Set<string>): void {
  const name = reference.replace('#/definitions/', '')
  if (reached.has(name)) return
  reached.add(name)
  for (const [, inner = ''] of JSON.stringify(all[name]).matchAll(/"\$ref":"([^"]+)"/g)) {
    reach(inner, all, reached)
  }
}

/** Fields that say nothing of what is allowed. */
const silent = ['description', 'title', 'example', 'default']

/** The same schema, in which an object has no other fields than its own and everything unsaid is dropped. */
export function closeSchema(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closeSchema)
  if (typeof value !== 'object' || value === null) return value
  if ('x-kubernetes-int-or-string' in value || Reflect.get(value, 'format') === 'int-or-string') {
    return { type: ['integer', 'string'] }
  }
  const isOpen = 'x-kubernetes-preserve-unknown-fields' in value
  const entries = Object.entries(value)
    .filter(([key]) => !key.startsWith('x-kubernetes-') && key !== 'format')
    .filter(([key, inner]) => !(silent.includes(key) && typeof inner !== 'object'))
    // Only Go knows a pattern that begins with its flags.
    .filter(([key, inner]) => !(key === 'pattern' && String(inner).includes('(?i)')))
    .map(([key, inner]) => [
      key,
      key === 'properties' || key === 'patternProperties' ? closeEach(inner) : closeSchema(inner),
    ])
  const closes = 'properties' in value && !('additionalProperties' in value) && !isOpen
  return { ...Object.fromEntries(entries), ...(closes ? { additionalProperties: false } : {}) }
}

/** Names of fields are no keywords of the schema. */
function closeEach(properties: unknown): unknown {
  return Object.fromEntries(
    Object.entries(Object(properties)).map(([name, schema]) => [name, closeSchema(schema)]),
  )
}
