import { describe, expect, test } from '@jest/globals'
import type { WebhookDefaults } from '../../../../webhook/inject/profiles.ts'
import { admit as admitIn } from '../../../../webhook/review/admission.ts'
import { stockDialect, strictDialect } from '../../../../webhook/review/dialect.ts'
import { createDefaults } from '../../../support/webhook-defaults.ts'

const defaults = createDefaults({ address: 'https://vault:8200', image: 'agent:1' })
const admit = (body: Buffer, given: WebhookDefaults) =>
  admitIn(body, { dialect: strictDialect, defaults: given })
const annotated = {
  metadata: {
    name: 'web',
    annotations: { 'claviger.dev/agent-inject': 'true', 'claviger.dev/role': 'app' },
  },
  spec: { containers: [{ name: 'app' }] },
}

function review(request: unknown, apiVersion = 'admission.k8s.io/v1'): Buffer {
  return Buffer.from(JSON.stringify({ apiVersion, kind: 'AdmissionReview', request }))
}

describe('admit', () => {
  test.each([
    ['', 'the body is empty'],
    ['\uFEFF{}', 'the body begins with a byte order mark'],
    ['{', 'the body is not JSON'],
    ['{} {}', 'the body is not JSON'],
    ['{"a":1,"a":1}', 'the body has a key twice'],
    ['{"a":1,"\\u0061":2}', 'the body has a key twice'],
    [`${'['.repeat(65)}${']'.repeat(65)}`, 'the body is nested more than 64 deep'],
    [`[${'0,'.repeat(200_000)}0]`, 'the body has more than 200000 keys and values'],
    [JSON.stringify('x'.repeat(1.5 * 2 ** 20 + 1)), 'the body has a string of more than 1.5 MiB'],
    ['null', 'the body is not a JSON object'],
    ['[]', 'the body is not a JSON object'],
    ['{}', 'kind is not AdmissionReview'],
    ['{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v2"}', /^apiVersion is none of/],
    ['{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1"}', 'request is missing'],
  ])('%j is answered with 400 and a reason', (body, reason) => {
    const answer = admit(Buffer.from(body), defaults)
    expect(answer.status).toBe(400)
    expect(answer.body.toString().trimEnd()).toEqual(
      typeof reason === 'string' ? reason : expect.stringMatching(reason),
    )
  })

  test.each([
    [Buffer.from([0x7b, 0xff, 0x7d]), 'the body is not UTF-8'],
    [review(null), 'request is missing'],
    [review({}), 'request.uid is missing'],
    [review({ uid: 7 }), 'request.uid is missing'],
  ])('%# is answered with 400 and a reason', (body, reason) => {
    const answer = admit(body, defaults)
    expect(answer.status).toBe(400)
    expect(answer.body.toString()).toBe(`${reason}\n`)
  })

  test.each([
    [{ operation: 'UPDATE' }],
    [{ operation: 'DELETE', object: null }],
    [{ subResource: 'exec' }],
    [{ kind: { group: 'apps', version: 'v1', kind: 'Deployment' } }],
    [{ kind: { group: '', version: 'v1', kind: 'Service' } }],
  ])('%j is let through unchanged', (fields) => {
    const answer = admit(review({ uid: 'u', object: annotated, ...fields }), defaults)
    const { response } = JSON.parse(answer.body.toString())
    expect(response).toEqual({ uid: 'u', allowed: true })
  })

  test('a pod without object is denied', () => {
    const { response } = JSON.parse(admit(review({ uid: 'u' }), defaults).body.toString())
    expect(response).toMatchObject({ uid: 'u', allowed: false })
  })

  test.each(['admission.k8s.io/v1', 'admission.k8s.io/v1beta1'])(
    '%s is answered in kind, with a patch',
    (apiVersion) => {
      const answer = admit(
        review({ uid: 'u', namespace: 'a', object: annotated }, apiVersion),
        defaults,
      )
      expect(answer).toMatchObject({
        status: 200,
        headers: { 'Content-Type': 'application/json' },
      })
      const { response, ...rest } = JSON.parse(answer.body.toString())
      expect(rest).toEqual({ apiVersion, kind: 'AdmissionReview' })
      expect(response).toMatchObject({ uid: 'u', allowed: true, patchType: 'JSONPatch' })
      expect(JSON.parse(Buffer.from(response.patch, 'base64').toString())).toContainEqual({
        op: 'add',
        path: '/metadata/annotations/claviger.dev~1agent-inject-status',
        value: 'injected',
      })
    },
  )

  test('a long warning is cut to what Kubernetes takes', () => {
    const long = `claviger.dev/agent-inject-perms-${'x'.repeat(300)}`
    const { annotations, ...metadata } = annotated.metadata
    const object = {
      ...annotated,
      metadata: { ...metadata, annotations: { ...annotations, [long]: '0600' } },
    }
    const { response } = JSON.parse(admit(review({ uid: 'u', object }), defaults).body.toString())
    expect(response.warnings.map((warning: string) => warning.length)).toContain(256)
  })
})

const post = (contentType?: string, contentEncoding?: string) => ({
  method: 'POST',
  headers: { 'content-type': contentType, 'content-encoding': contentEncoding },
})

describe('checkHead', () => {
  test.each([
    'application/json',
    'Application/JSON',
    'application/json; charset=utf-8',
    'application/json;charset="UTF-8"',
    'application/json;',
  ])('%j is taken', (contentType) => {
    expect(strictDialect.checkHead(post(contentType))).toBeUndefined()
    expect(strictDialect.checkHead(post(contentType, 'identity'))).toBeUndefined()
  })

  test.each([
    [undefined, undefined],
    ['', undefined],
    ['text/plain', undefined],
    ['application/json-patch+json', undefined],
    ['application/json; charset=latin1', undefined],
    ['application/json', 'gzip'],
    ['application/json', 'identity, gzip'],
  ])('%j with encoding %j is 415', (contentType, contentEncoding) => {
    expect(strictDialect.checkHead(post(contentType, contentEncoding))?.status).toBe(415)
  })

  test.each(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('%s is 405', (method) => {
    const head = { ...post('application/json'), method }
    expect(strictDialect.checkHead(head)).toMatchObject({ status: 405, headers: { Allow: 'POST' } })
    expect(stockDialect.checkHead(head)).toBeUndefined()
  })

  test.each([
    [undefined, '""'],
    ['text/"html', '"text/\\"html"'],
    ['application/json;charset=utf-8', '"application/json;charset=utf-8"'],
  ])('the stock dialect quotes the content type %j', (contentType, quoted) => {
    expect(stockDialect.checkHead(post(contentType))).toMatchObject({
      status: 400,
      text: `Invalid content-type: ${quoted}`,
    })
  })
})
