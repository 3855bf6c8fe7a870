/** Bodies as vault-k8s reads them, beyond what the corpus has. */
import { describe, expect, test } from '@jest/globals'
import { readStockReview } from '../../../../webhook/review/stock-review.ts'

const read = (body: string | Buffer) => readStockReview(Buffer.from(body))
const review = (fields: object) => JSON.stringify({ kind: 'AdmissionReview', ...fields })
const decoding = 'error decoding admission request: '
const unknownType = `${decoding}couldn't get version/kind; json parse error: `
const typeStruct =
  'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }'

describe('readStockReview', () => {
  test.each([
    ['{"kind":', `${unknownType}unexpected end of JSON input`],
    ['"x"', `${unknownType}json: cannot unmarshal string into Go value of type ${typeStruct}`],
    ['true', `${unknownType}json: cannot unmarshal bool into Go value of type ${typeStruct}`],
    ['hello', `${unknownType}json: cannot unmarshal string into Go value of type ${typeStruct}`],
    ['- a', `${unknownType}json: cannot unmarshal array into Go value of type ${typeStruct}`],
    [
      '{"apiVersion":1}',
      `${unknownType}json: cannot unmarshal number into Go struct field .apiVersion of type string`,
    ],
    [
      '{"Kind":[]}',
      `${unknownType}json: cannot unmarshal array into Go struct field .kind of type string`,
    ],
    ['{"apiVersion":"a/b/c"}', `${decoding}unexpected GroupVersion string: a/b/c`],
    [
      review({ request: [] }),
      `${decoding}json: cannot unmarshal array into Go struct field unversionedAdmissionReview.AdmissionReview.request of type v1.AdmissionRequest`,
    ],
    [
      review({ request: { dryRun: 'no' } }),
      `${decoding}json: cannot unmarshal string into Go struct field AdmissionRequest.AdmissionReview.request.dryRun of type bool`,
    ],
    [
      review({ request: { userInfo: { groups: 'a' } } }),
      `${decoding}json: cannot unmarshal string into Go struct field UserInfo.AdmissionReview.request.userInfo.groups of type []string`,
    ],
    [
      review({ request: { userInfo: { extra: { a: 1 } } } }),
      `${decoding}json: cannot unmarshal number into Go struct field UserInfo.AdmissionReview.request.userInfo.extra of type v1.ExtraValue`,
    ],
    [
      review({ request: { operation: 1 } }),
      `${decoding}json: cannot unmarshal number into Go struct field AdmissionRequest.AdmissionReview.request.operation of type v1.Operation`,
    ],
  ])('%s is a status 500', (body, text) => {
    expect(read(body)).toMatchObject({ kind: 'malformed', status: 500, text })
  })

  test.each([
    ['{}', 'request is missing'],
    ['null', 'request is missing'],
    [' \n', 'request is missing'],
    [review({ request: null }), 'request is missing'],
    [review({ REQUEST: {} }), 'request is missing'],
    ['{"kind":"a","kind":"b"}', 'the body has a key twice'],
    [`${'{"a":'.repeat(65)}`, 'the body is nested more than 64 deep'],
    [`a: ${'x'.repeat(70_000)}`, 'the body is no JSON object and larger than 64 KiB'],
    [`a: ${'['.repeat(80)}${']'.repeat(80)}`, 'the body is nested more than 64 deep'],
  ])('%s is refused with 400 where vault-k8s would crash or be at risk', (body, reason) => {
    expect(read(body)).toMatchObject({ kind: 'malformed', status: 400, reason })
  })

  test.each([
    [{}, undefined, 'AdmissionReview'],
    [{ apiVersion: 'v1', kind: '' }, 'v1', undefined],
    [{ apiVersion: '/v1' }, 'v1', 'AdmissionReview'],
    [{ apiVersion: 'a/' }, 'a/', 'AdmissionReview'],
    [{ apiVersion: '/', kind: '' }, 'admission.k8s.io/v1', 'AdmissionReview'],
    [{ apiVersion: null, kind: null }, 'admission.k8s.io/v1', 'AdmissionReview'],
  ])('%j is answered as %s, %s', (type, apiVersion, kind) => {
    const reading = read(review({ ...type, request: { uid: 'u' } }))
    expect(reading).toMatchObject({ kind: 'review', review: { apiVersion, kind, uid: 'u' } })
  })

  test.each([
    [
      { metadata: { labels: { a: 1 } } },
      'number into Go struct field ObjectMeta.metadata.labels of type string',
    ],
    [{ metadata: [] }, 'array into Go struct field Pod.metadata of type v1.ObjectMeta'],
    [{ kind: 1 }, 'number into Go struct field Pod.TypeMeta.kind of type string'],
    [
      { spec: { containers: {} } },
      'object into Go struct field PodSpec.spec.containers of type []v1.Container',
    ],
    [
      { spec: { restartPolicy: 1 } },
      'number into Go struct field PodSpec.spec.restartPolicy of type v1.RestartPolicy',
    ],
    [
      { spec: { hostNetwork: 'yes' } },
      'string into Go struct field PodSpec.spec.hostNetwork of type bool',
    ],
    [
      { spec: { volumes: [{ emptyDir: 'x' }] } },
      'string into Go struct field Volume.spec.volumes.VolumeSource.emptyDir of type v1.EmptyDirVolumeSource',
    ],
    [
      { spec: { containers: [{ env: [{ valueFrom: { secretKeyRef: { name: 1 } } }] }] } },
      'number into Go struct field SecretKeySelector.spec.containers.env.valueFrom.secretKeyRef.LocalObjectReference.name of type string',
    ],
    [
      { spec: { containers: [{ livenessProbe: { httpGet: { port: true } } }] } },
      'bool into Go struct field HTTPGetAction.spec.containers.livenessProbe.ProbeHandler.httpGet.port of type int32',
    ],
    [
      { metadata: { deletionTimestamp: 5 } },
      'number into Go struct field ObjectMeta.metadata.deletionTimestamp of type string',
    ],
  ])('%j cannot be a pod', (object, words) => {
    const reading = read(review({ request: { uid: 'u', object } }))
    expect(reading).toMatchObject({ review: { misfit: `json: cannot unmarshal ${words}` } })
  })

  test.each([
    ['{"spec":{"priority":2147483647}}', undefined],
    [
      '{"spec":{"priority":2147483648}}',
      'number 2147483648 into Go struct field PodSpec.spec.priority of type int32',
    ],
    [
      '{"spec":{"priority":1.0}}',
      'number 1.0 into Go struct field PodSpec.spec.priority of type int32',
    ],
    [
      '{"spec":{"priority":1e2}}',
      'number 1e2 into Go struct field PodSpec.spec.priority of type int32',
    ],
    ['{"spec":{"activeDeadlineSeconds":9223372036854775807}}', undefined],
    [
      '{"spec":{"activeDeadlineSeconds":9223372036854775808}}',
      'number 9223372036854775808 into Go struct field PodSpec.spec.activeDeadlineSeconds of type int64',
    ],
  ])('the numbers of %s are read as they are written', (object, words) => {
    const reading = read(`{"request":{"uid":"u","object":${object}}}`)
    const misfit = words === undefined ? undefined : `json: cannot unmarshal ${words}`
    expect(reading).toMatchObject({ review: { misfit } })
  })

  test('of several misfits the first is told, unless one has a parser of its own', () => {
    const resources = { limits: { cpu: 'x' } }
    const both = { metadata: { name: 1, namespace: 2 }, spec: { containers: [{ resources }] } }
    const reading = read(review({ request: { object: both } }))
    expect(reading).toMatchObject({ review: { misfit: expect.stringMatching(/^quantities must/) } })
    const first = read(review({ request: { object: { metadata: { name: 1, namespace: [] } } } }))
    expect(first).toMatchObject({ review: { misfit: expect.stringContaining('metadata.name') } })
  })

  test('keys of a pod are read in any case, as encoding/json does', () => {
    const reading = read(review({ request: { object: { Spec: { Priority: 'x' } } } }))
    expect(reading).toMatchObject({
      review: { misfit: expect.stringContaining('PodSpec.spec.priority of type int32') },
    })
  })

  test.each(['\ufeff{"request":{"uid":"u"}}', 'request: {uid: u}', '---\nrequest:\n  uid: "u"\n'])(
    '%j is YAML',
    (body) => {
      expect(read(body)).toMatchObject({ kind: 'review', review: { uid: 'u' } })
    },
  )

  test('bytes that are no UTF-8 become replacement characters', () => {
    const body = Buffer.from('{"request":{"uid":"a\xffb"}}', 'latin1')
    expect(read(body)).toMatchObject({ review: { uid: 'a\ufffdb' } })
  })
})
