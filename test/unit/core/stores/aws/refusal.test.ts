import { describe, expect, test } from '@jest/globals'
import { refusal } from '../../../../../core/stores/aws/refusal.ts'
import { shortType } from '../../../../../core/stores/aws/service-client.ts'

const facts = { store: 'aws', path: 'db', region: 'eu-west-1' }
const now = Date.UTC(2026, 0, 1)
const principal = 'arn:aws:sts::123456789012:assumed-role/app/pod'
const denied = (action: string, why: string) =>
  `User: ${principal} is not authorized to perform: ${action} on resource: arn:aws:x:y ${why}`
const judge = (status: number, type: string | undefined, message = '', retryAfter?: string) =>
  refusal({ status, type, message, retryAfter }, facts, now)

test.each([
  ['ResourceNotFoundException', 400, 'secret_missing'],
  ['ParameterNotFound', 400, 'secret_missing'],
  ['ParameterVersionNotFound', 400, 'secret_missing'],
  ['ThrottlingException', 400, 'store_busy'],
  ['TooManyRequestsException', 429, 'store_busy'],
  ['InternalServiceError', 500, 'store_busy'],
  [undefined, 503, 'store_busy'],
  [undefined, 429, 'store_busy'],
  ['AccessDeniedException', 400, 'store_refused'],
  ['InvalidParameterException', 400, 'store_refused'],
  ['LimitExceededException', 400, 'store_refused'],
  [undefined, 403, 'store_refused'],
  [undefined, 404, 'store_answer_invalid'],
  [undefined, 302, 'store_answer_invalid'],
])('%s with %d is %s', (type, status, code) => {
  expect(judge(status, type)).toMatchObject({ code, facts: { ...facts, status } })
})

test.each([
  ['7', 7000],
  ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
])('Retry-After %s is a pause of %d ms', (header, retryAfterMs) => {
  expect(judge(503, undefined, '', header).facts).toMatchObject({ retryAfterMs })
})

describe('a denial', () => {
  test.each([
    ['secretsmanager:GetSecretValue', 'because no identity-based policy allows it', 'allow this'],
    [
      'ssm:GetParameters',
      'with an explicit deny in a resource-based policy',
      'denies it explicitly',
    ],
    ['kms:Decrypt', 'because no key policy allows it', 'kms:Decrypt'],
  ])('of %s %s', (action, why, hint) => {
    expect(judge(400, 'AccessDeniedException', denied(action, why)).facts).toMatchObject({
      action,
      principal,
      hint: expect.stringContaining(hint),
    })
  })

  test.each([
    ['AccessDeniedException', 'Access to KMS is not allowed'],
    ['DecryptionFailure', 'Secrets Manager can’t decrypt the protected secret text.'],
    ['InvalidKeyId', ''],
    ['AccessDeniedException', 'The ciphertext refers to a customer master key that does not exist'],
  ])('%s, %s, is about the key', (type, message) => {
    expect(judge(400, type, message).facts['hint']).toContain('KMS key')
  })
})

test('a secret that is scheduled for deletion is missing', () => {
  const message =
    "You can't perform this operation on the secret because it was marked for deletion."
  expect(judge(400, 'InvalidRequestException', message)).toMatchObject({
    code: 'secret_missing',
    facts: { hint: 'it is deleted and can be restored' },
  })
})

test('nothing of a message is shown but an action and a principal', () => {
  const message = `User: ${principal} is not authorized to perform: a:B hunter2 hunter2`
  for (const type of ['AccessDeniedException', 'ValidationException', 'InvalidRequestException']) {
    expect(judge(400, type, message).message).not.toContain('hunter2')
  }
})

test.each([
  ['ResourceNotFoundException', 'ResourceNotFoundException'],
  ['com.amazonaws.secretsmanager#AccessDeniedException', 'AccessDeniedException'],
  ['ThrottlingException:http://internal.amazon.com/coral/', 'ThrottlingException'],
  ['not a type', undefined],
  ['', undefined],
])('the type of %j is %s', (named, type) => {
  expect(shortType(named)).toBe(type)
})
