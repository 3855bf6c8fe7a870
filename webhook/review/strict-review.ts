/** Reviews as the API server sends them, and nothing else. */
import { isUtf8 } from 'node:buffer'
import { isObject } from '../../core/plain-object.ts'
import { parseBody } from './body-parser.ts'
import { describeRequest, type Json, type ReviewReading } from './review.ts'

const apiVersions = ['admission.k8s.io/v1', 'admission.k8s.io/v1beta1'] as const

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])

/** Everything malformed is a status 400. Source: Kubernetes, admission.k8s.io/v1, AdmissionReview. */
export function readStrictReview(body: Buffer): ReviewReading {
  if (body.length === 0) return malformed('the body is empty')
  if (!isUtf8(body)) return malformed('the body is not UTF-8')
  if (body.subarray(0, 3).equals(byteOrderMark)) {
    return malformed('the body begins with a byte order mark')
  }
  const parsing = parseBody(body)
  if (parsing.kind === 'malformed') return malformed('the body is not JSON')
  if (parsing.kind === 'refused') return malformed(parsing.reason)
  const review = parsing.value
  if (!isObject(review)) return malformed('the body is not a JSON object')
  const { apiVersion, request } = review
  if (review['kind'] !== 'AdmissionReview') return malformed('kind is not AdmissionReview')
  const version = apiVersions.find((known) => known === apiVersion)
  if (version === undefined) return malformed(`apiVersion is none of ${apiVersions.join(', ')}`)
  if (!isObject(request)) return malformed('request is missing')
  if (typeof request['uid'] !== 'string' || request['uid'] === '') {
    return malformed('request.uid is missing')
  }
  return {
    kind: 'review',
    review: {
      ...describeRequest(request),
      apiVersion: version,
      kind: 'AdmissionReview',
      createsPod: createsPod(request),
      misfit: undefined,
    },
  }
}

/** A request without these fields is judged by its object alone. */
function createsPod(request: Json): boolean {
  const { operation = 'CREATE', subResource = '', kind } = request
  const { group = '', kind: name = 'Pod' } = isObject(kind) ? kind : {}
  return operation === 'CREATE' && subResource === '' && group === '' && name === 'Pod'
}

function malformed(reason: string): ReviewReading {
  return { kind: 'malformed', status: 400, reason, text: reason }
}
