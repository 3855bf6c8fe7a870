/** Whatever the pod holds: no throw, a patch that applies, and nothing touched but what injection adds. */
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import jsonPatch, { type Operation } from 'fast-json-patch'
import { type Operation as AnotherOperation, applyPatch as applyByAnother } from 'rfc6902'
import { prefixes } from '../../../webhook/inject/annotations/annotation.ts'
import { annotations } from '../../../webhook/inject/annotations/annotations.ts'
import { stringifyWhole } from '../../../webhook/inject/build/patch-text.ts'
import { formatDenial, mutate } from '../../../webhook/inject/mutate.ts'
import { nameNamespace } from '../../../webhook/inject/namespace.ts'
import { createDefaults } from '../../support/webhook-defaults.ts'

const operator = { address: 'https://vault:8200', image: 'agent:1' }
const defaults = createDefaults(operator)
/** How the operator may have set it up; the flavours build different containers. */
const anyDefaults = fc.constantFrom(
  defaults,
  { ...defaults, flavour: 'vault' as const },
  { ...defaults, flavour: 'openbao' as const },
  createDefaults({ ...operator, profile: 'vault-k8s' }),
)
/** A longer run: PROPERTY_RUNS=100000 npm run test:unit */
const runs = Number(process.env['PROPERTY_RUNS'] ?? 1000)
const rows = Object.values(annotations)

const oddName = fc.constantFrom(
  'a',
  'B.env',
  '__proto__',
  'constructor',
  'toString',
  '~0/~1',
  '..',
  'é ',
)
const anyKey = fc
  .tuple(fc.constantFrom(...prefixes), fc.constantFrom(...rows), fc.oneof(oddName, fc.string()))
  .map(([prefix, { form, key }, name]) => prefix + (form === 'family' ? key + name : key))
const anyValue = fc.oneof(
  fc.string(),
  fc.constantFrom(
    'true',
    'false',
    '',
    'secret/data/a',
    '/x',
    '0600',
    '1',
    '64Mi',
    'jwt',
    'https://v',
    'aws:prod/db#key@AWSPREVIOUS?',
    'a:db',
    'aws role_arn=r',
    'k8s',
    'db url=postgresql://u@h/d',
  ),
)
const asking = fc
  .constantFrom(...prefixes)
  .map((prefix) => ({ [`${prefix}agent-inject`]: 'true', [`${prefix}role`]: 'app' }))
const anyAnnotations = fc
  .tuple(asking, fc.array(fc.tuple(fc.oneof(anyKey, fc.string()), anyValue), { maxLength: 8 }))
  .map(([base, more]) => Object.fromEntries([...Object.entries(base), ...more]))

// JSON has no negative zero: what a review holds went through JSON once.
const arrivedValue = fc.jsonValue().map((value): unknown => JSON.parse(JSON.stringify(value)))
const unknownField = fc.dictionary(fc.string(), arrivedValue, { maxKeys: 3 })
const container = fc
  .tuple(
    unknownField,
    fc.record(
      {
        name: fc.string(),
        volumeMounts: fc.oneof(
          fc.constant(null),
          fc.array(fc.record({ name: fc.string(), mountPath: fc.string() }), { maxLength: 3 }),
        ),
      },
      { requiredKeys: ['name'] },
    ),
  )
  .map(([unknown, known]) => ({ ...unknown, ...known }))
const pod = fc.record({
  metadata: fc.record({ annotations: anyAnnotations, labels: unknownField }),
  spec: fc.record(
    {
      containers: fc.array(container, { minLength: 1, maxLength: 3 }),
      initContainers: fc.array(container, { maxLength: 2 }),
      volumes: fc.oneof(fc.constant(null), fc.array(fc.record({ name: fc.string() }))),
      extra: arrivedValue,
    },
    { requiredKeys: ['containers'] },
  ),
})

describe('mutate', () => {
  test('never throws, whatever it is given', () => {
    const anything = fc.oneof(pod, fc.jsonValue())
    fc.assert(
      fc.property(anything, fc.string(), anyDefaults, (object, namespace, chosen) => {
        const outcome = mutate(object, nameNamespace(namespace), chosen)
        if (outcome.kind === 'denied') expect(formatDenial(outcome.issues)).toMatch(/claviger: /)
      }),
      { numRuns: runs },
    )
  })

  test('gives a patch that adds only, that two libraries apply alike, and that works once', () => {
    let injected = 0
    fc.assert(
      fc.property(pod, anyDefaults, (object, chosen) => {
        const outcome = mutate(object, nameNamespace('default'), chosen)
        if (outcome.kind !== 'injected') return
        injected += 1
        const before = structuredClone(object)
        const text = stringifyWhole(outcome.patch)
        const patch: Operation[] = JSON.parse(text)
        const after = jsonPatch.applyPatch(object, patch, true, false).newDocument
        expect(object).toEqual(before)
        expect(applyWithAnother(object, JSON.parse(text))).toEqual(after)
        expect(mutate(after, nameNamespace('default'), chosen)).toEqual({
          kind: 'skipped',
          reason: 'already_injected',
        })
        // vault-k8s loses volumes and rewrites init containers.
        if (chosen.profile.lenient) return
        expect(patch.every(({ op }) => op === 'add')).toBe(true)
        expect(withoutAdditions(after, before)).toEqual(withoutAdditions(before, before))
      }),
      { numRuns: runs },
    )
    expect(injected).toBeGreaterThan(runs / 20)
  })
})

function applyWithAnother(object: unknown, patch: AnotherOperation[]): unknown {
  const copy: unknown = structuredClone(object)
  const errors = applyByAnother(copy, patch)
  expect(errors.filter((error) => error !== null)).toEqual([])
  return copy
}

interface PodLike {
  readonly metadata: { readonly annotations: Readonly<Record<string, string>> }
  readonly spec: {
    readonly containers: readonly Mounted[]
    readonly initContainers?: readonly Mounted[]
    readonly volumes?: readonly unknown[] | null
    readonly shareProcessNamespace?: boolean
    readonly imagePullSecrets?: unknown
  }
}

interface Mounted {
  readonly name: string
  readonly volumeMounts?: readonly unknown[] | null
}

/** The pod without agents, and cut back to as many mounts and volumes as `before` has: whatever is left must be the original. */
function withoutAdditions(pod: PodLike, before: PodLike): unknown {
  const { annotations: kept } = before.metadata
  const { shareProcessNamespace: _, imagePullSecrets: __, ...spec } = pod.spec
  const cut = (list: readonly Mounted[] | undefined, original: readonly Mounted[] | undefined) =>
    list
      ?.filter(({ name }) => name !== 'vault-agent-init' && name !== 'vault-agent')
      .map((element, index) => ({
        ...element,
        volumeMounts:
          element.volumeMounts?.slice(0, original?.[index]?.volumeMounts?.length ?? 0) ?? [],
      })) ?? []
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      annotations: Object.fromEntries(
        Object.entries(pod.metadata.annotations).filter(
          ([key]) => Object.hasOwn(kept, key) && !key.endsWith('agent-inject-status'),
        ),
      ),
    },
    spec: {
      ...spec,
      containers: cut(pod.spec.containers, before.spec.containers),
      initContainers: cut(pod.spec.initContainers, before.spec.initContainers),
      volumes: pod.spec.volumes?.slice(0, before.spec.volumes?.length ?? 0) ?? [],
    },
  }
}
