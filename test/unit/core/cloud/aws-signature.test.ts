import { expect, test } from '@jest/globals'
import { signHeaders } from '../../../../core/cloud/aws-signature.ts'

const keys = {
  accessKey: 'AKIDEXAMPLE',
  secretKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: undefined,
}
const sessionToken =
  'AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA=='
const now = Date.UTC(2015, 7, 30, 12, 36, 0)
const form = { 'Content-Type': 'application/x-www-form-urlencoded' }
const get = { method: 'GET', url: 'https://example.amazonaws.com/', headers: {}, body: '' }
const post = { ...get, method: 'POST' }

/** Signatures of AWS's published test suite, and of the example in its IAM guide. */
test.each([
  ['get-vanilla', get, keys, '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  [
    'get-vanilla-query-order-key-case',
    { ...get, url: `${get.url}?Param2=value2&Param1=value1` },
    keys,
    'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
  ],
  [
    'post-x-www-form-urlencoded',
    { ...post, headers: form, body: 'Param1=value1' },
    keys,
    'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
  ],
  [
    'post-sts-header-before',
    post,
    { ...keys, sessionToken },
    '85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead',
  ],
])('signs %s as AWS does', (_, { url, ...request }, signingKeys, signature) => {
  const scope = { region: 'us-east-1', service: 'service', now }
  const signed = signHeaders({ ...request, url: new URL(url) }, signingKeys, scope)
  expect(signed['Authorization']).toMatch(new RegExp(`Signature=${signature}$`))
  expect(signed['X-Amz-Date']).toBe('20150830T123600Z')
})

test('signs the example of the IAM guide as AWS does', () => {
  const url = new URL('https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08')
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8' }
  const scope = { region: 'us-east-1', service: 'iam', now }
  const signed = signHeaders({ method: 'GET', url, headers, body: '' }, keys, scope)
  expect(signed['Authorization']).toBe(
    'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, ' +
      'SignedHeaders=content-type;host;x-amz-date, ' +
      'Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
  )
})
