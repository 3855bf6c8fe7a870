/** Whatever the pod holds: no throw, a patch that applies, and nothing touched but what injection adds. */
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import jsonPatch from 'fast-json-patch'
import { admit } from '../../../webhook/admission.ts'
import { prefixes } from '../../../webhook/inject/annotation.ts'
import { annotations } from '../../../webhook/inject/annotations.ts'
import { formatDenial, mutate } from '../../../webhook/inject/mutate.ts'
import { nameNamespace } from '../../../webhook/inject/namespace.ts'
import { createDefaults } from '../../../webhook/inject/profiles.ts'

const defaults = createDefaults({ address: 'https://vault:8200', image: 'agent:1' })
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
    fc.assert(
      fc.property(fc.oneof(pod, fc.jsonValue()), fc.string(), (object, namespace) => {
        const outcome = mutate(object, nameNamespace(namespace), defaults)
        if (outcome.kind === 'denied') expect(formatDenial(outcome.issues)).toMatch(/^claviger: /)
      }),
    )
  })

  test('gives a patch that applies, adds only, and works once', () => {
    let injected = 0
    fc.assert(
      fc.property(pod, (object) => {
        const outcome = mutate(object, nameNamespace('default'), defaults)
        if (outcome.kind !== 'injected') return
        injected += 1
        expect(outcome.patch.every(({ op }) => op === 'add')).toBe(true)
        const before = structuredClone(object)
        const after = jsonPatch.applyPatch(object, [...outcome.patch], true, false).newDocument
        expect(object).toEqual(before)
        expect(withoutAdditions(after, before)).toEqual(withoutAdditions(before, before))
        expect(mutate(after, nameNamespace('default'), defaults).kind).toBe('skipped')
      }),
      { numRuns: 300 },
    )
    expect(injected).toBeGreaterThan(20)
  })
})

test('admit answers any bytes', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array(),
        fc.json().map((text) => Buffer.from(text)),
      ),
      (bytes) => {
        expect([200, 400]).toContain(admit(Buffer.from(bytes), defaults).status)
      },
    ),
  )
})

interface PodLike {
  readonly metadata: { readonly annotations: Readonly<Record<string, string>> }
  readonly spec: {
    readonly containers: readonly Mounted[]
    readonly initContainers?: readonly Mounted[]
    readonly volumes?: readonly unknown[] | null
    readonly shareProcessNamespace?: boolean
  }
}

interface Mounted {
  readonly name: string
  readonly volumeMounts?: readonly unknown[] | null
}

/** The pod without agents, and cut back to as many mounts and volumes as `before` has: whatever is left must be the original. */
function withoutAdditions(pod: PodLike, before: PodLike): unknown {
  const { annotations: kept } = before.metadata
  const { shareProcessNamespace: _, ...spec } = pod.spec
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
