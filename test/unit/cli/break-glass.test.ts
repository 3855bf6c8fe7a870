/** The patches of `claviger break-glass`, applied to objects as the chart makes them. */
import { describe, expect, test } from '@jest/globals'
import type {
  V1MutatingWebhookConfiguration,
  V1ValidatingAdmissionPolicy,
} from '@kubernetes/client-node'
import jsonPatch from 'fast-json-patch'
import {
  buildPatch,
  type Disarming,
  type Guard,
  guardOfPolicy,
  guardOfWebhooks,
  readDisarming,
} from '../../../cli/break-glass/condition.ts'

const condition = { name: 'asks-for-injection', expression: 'true' }
const entry = {
  name: 'inject.claviger.dev',
  admissionReviewVersions: ['v1'],
  sideEffects: 'None',
  clientConfig: {},
}
const webhooks: V1MutatingWebhookConfiguration = {
  metadata: { name: 'w', resourceVersion: '7' },
  webhooks: [{ ...entry, matchConditions: [condition] }, entry],
}
const policy: V1ValidatingAdmissionPolicy = {
  metadata: { name: 'w', resourceVersion: '8', annotations: { mine: 'kept' } },
  spec: { matchConditions: [condition] },
}
const disarming: Disarming = { until: Date.UTC(2026, 0, 1), by: 'admin', reason: 'a test' }

/** The object after one change after the other, as it would be read again. */
function open<T extends object>(object: T, guardOf: (object: T) => Guard) {
  return (...changes: readonly (Disarming | undefined)[]) => {
    const after = changes.reduce<T>((given, wanted) => {
      const operations = JSON.parse(JSON.stringify(buildPatch(guardOf(given), wanted)))
      return jsonPatch.applyPatch(structuredClone(given), operations, true).newDocument
    }, object)
    return { object: after, guard: guardOf(after), text: JSON.stringify(after) }
  }
}

describe.each([
  ['webhooks', open(webhooks, guardOfWebhooks), 2],
  ['a policy', open(policy, guardOfPolicy), 1],
])('%s', (_, change, lists) => {
  test('are armed as the chart makes them', () => {
    expect(readDisarming(change().guard)).toBeUndefined()
  })

  test('say until when they are disarmed, by whom and why', () => {
    expect(readDisarming(change(disarming).guard)).toEqual(disarming)
  })

  test('are disarmed once, by the last call', () => {
    const later = { until: disarming.until + 60_000, by: 'other', reason: '' }
    const { guard, text } = change(disarming, later)
    expect(readDisarming(guard)).toEqual(later)
    expect(text).not.toContain('a test')
    expect(text.match(/"break-glass"/g)).toHaveLength(lists)
  })

  test('have no trace of it once it is ended', () => {
    const { text, object } = change(disarming, undefined)
    expect(text).not.toMatch(/break-glass|disarmed/)
    expect(change(disarming, undefined, undefined).object).toEqual(object)
  })

  test('are changed only as they were read', () => {
    const { guard } = change()
    const [first] = buildPatch(guard, disarming)
    const value = guard.metadata.resourceVersion
    expect(first).toEqual({ op: 'test', path: '/metadata/resourceVersion', value })
  })
})
