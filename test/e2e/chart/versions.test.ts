/** The chart on every version of Kubernetes that it is for: what it renders is what that version takes. */
import { describe, expect, test } from '@jest/globals'
import { admissionPolicy, anyAddress, findKind, render } from './render.ts'
import { listApiVersions, listProblems, openSchemas, versions } from './schemas.ts'
import { renderings } from './values.ts'

const minor = (version: string) => Number(version.split('.')[1])

test('there are versions 1.29 to 1.36', () => {
  expect(versions.map(minor)).toEqual([29, 30, 31, 32, 33, 34, 35, 36])
})

describe.each(versions)('Kubernetes %s', (version) => {
  const schemas = openSchemas(version)
  const kubernetes = { kubeVersion: version, apiVersions: listApiVersions(schemas) }

  test('takes every object, whatever the values', async () => {
    const isAtAnEnd = version === versions.at(0) || version === versions.at(-1)
    // What users of vault-helm write depends on no version.
    const chosen = [...renderings].filter(([name]) => isAtAnEnd || !name.startsWith('vault-helm'))
    const problems = chosen.map(async ([name, rendering]) => {
      const objects = await render({ ...rendering, ...kubernetes })
      return [name, objects.flatMap((object) => listProblems(object, schemas))]
    })
    expect(await Promise.all(problems)).toEqual(chosen.map(([name]) => [name, []]))
  })

  test('has the admission policy if it can, and else refuses pods while no webhook answers', async () => {
    const objects = await render({ values: anyAddress, ...kubernetes })
    const { webhooks } = Object(findKind(objects, 'MutatingWebhookConfiguration'))
    const policy = findKind(objects, 'ValidatingAdmissionPolicy')
    expect([policy !== undefined, webhooks[0].failurePolicy]).toEqual(
      minor(version) < 30 ? [false, 'Fail'] : [true, 'Ignore'],
    )
  })
})

test('a field that there is not is found', () => {
  const [version = ''] = versions
  const webhook = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'x' }, spec: { port: 1 } }
  expect(listProblems(webhook, openSchemas(version))).toHaveLength(1)
})

describe('fail-safe', () => {
  test.each([
    [{}, [admissionPolicy], 'Ignore', true],
    [{}, [], 'Fail', false],
    [{ admissionPolicy: { enabled: false } }, [admissionPolicy], 'Fail', false],
    [{ admissionPolicy: { enabled: true } }, [], 'Ignore', true],
    [{ failurePolicy: 'Fail' }, [admissionPolicy], 'Fail', true],
    [{ webhook: { failurePolicy: 'Ignore' }, failurePolicy: 'Fail' }, [], 'Ignore', false],
  ])('of %j with %j is %s, policy: %s', async (injector, apiVersions, failurePolicy, isBacked) => {
    const objects = await render({ values: { ...anyAddress, injector }, apiVersions })
    const { webhooks } = Object(findKind(objects, 'MutatingWebhookConfiguration'))
    expect(webhooks[0].failurePolicy).toBe(failurePolicy)
    for (const kind of ['ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding']) {
      expect(findKind(objects, kind)?.metadata.name).toBe(isBacked ? 'claviger-webhook' : undefined)
    }
  })

  test('webhook and policy look at the same pods', async () => {
    const selector = { matchLabels: { inject: 'yes' } }
    const webhook = { namespaceSelector: selector, objectSelector: 'matchLabels: { a: b }' }
    const values = { ...anyAddress, injector: { webhook } }
    const objects = await render({ values, apiVersions: [admissionPolicy] })
    const { webhooks } = Object(findKind(objects, 'MutatingWebhookConfiguration'))
    const { spec } = Object(findKind(objects, 'ValidatingAdmissionPolicy'))
    expect(spec.matchConditions).toEqual(webhooks[0].matchConditions)
    for (const place of [webhooks[0], spec.matchConstraints]) {
      expect(place).toMatchObject({ namespaceSelector: selector, matchPolicy: 'Equivalent' })
      expect(place.objectSelector).toEqual({ matchLabels: { a: 'b' } })
    }
  })
})
