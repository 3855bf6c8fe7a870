/** What the gcp store makes of odd answers and refusals: where, why, and how to mend it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { codeOf, readOne, textBytes } from '../../support/stores/contract-scene.ts'
import { type FakeAnswer, startFakeService } from '../../support/stores/fake-service.ts'
import { type GcpScene, nameOf, openGcp, startGcpScene } from '../../support/stores/gcp-peer.ts'

let scene: GcpScene
beforeAll(async () => {
  scene = await startGcpScene()
})
afterAll(() => scene.close())

const version = { name: `${nameOf('app')}/versions/1` }
const refused = (code: number, error: object) => ({ status: code, body: { error } })
const precondition = (message: string) => refused(400, { status: 'FAILED_PRECONDITION', message })
const odd: readonly (readonly [string, FakeAnswer, object])[] = [
  [
    'a wrong checksum',
    { status: 200, body: { ...version, payload: { data: 'eA==', dataCrc32c: '1' } } },
    { code: 'store_answer_invalid', facts: { reason: 'a wrong checksum' } },
  ],
  [
    'no payload',
    { status: 200, body: version },
    { code: 'store_answer_invalid', facts: { reason: 'no payload' } },
  ],
  [
    'a wait in the details',
    refused(429, {
      status: 'RESOURCE_EXHAUSTED',
      details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '3.5s' }],
    }),
    { code: 'store_busy', facts: { retryAfterMs: 3500, error: 'RESOURCE_EXHAUSTED' } },
  ],
  ...(
    [
      ['SERVICE_DISABLED', 'not enabled'],
      ['BILLING_DISABLED', 'billing'],
      ['CONSUMER_SUSPENDED', 'suspended'],
      ['SECURITY_POLICY_VIOLATED', 'VPC Service Controls'],
      ['ACCESS_TOKEN_SCOPE_INSUFFICIENT', 'scope'],
    ] as const
  ).map(
    ([reason, hint]) =>
      [
        reason,
        refused(403, { status: 'PERMISSION_DENIED', details: [{ reason }] }),
        { code: 'store_refused', facts: { hint: expect.stringContaining(hint) } },
      ] as const,
  ),
  ...(['DISABLED', 'DESTROYED'] as const).map(
    (state) =>
      [
        `a version that is ${state}`,
        precondition(`Secret Version [projects/1/secrets/app/versions/4] is in ${state} state.`),
        {
          code: 'secret_missing',
          facts: {
            path: 'app',
            reason: `the version is ${state.toLowerCase()}`,
            hint: expect.stringContaining('add a version'),
          },
        },
      ] as const,
  ),
  [
    'a version whose key is not there',
    precondition('words that are not shown'),
    {
      code: 'store_refused',
      facts: { error: 'FAILED_PRECONDITION', hint: expect.stringContaining('Cloud KMS key') },
      message: expect.not.stringContaining('not shown'),
    },
  ],
  [
    'an error that is no word',
    refused(400, { status: 'secret text', message: 'secret text' }),
    { code: 'store_refused', message: expect.not.stringContaining('secret text') },
  ],
  [
    'a redirect',
    { status: 302, headers: { location: 'https://elsewhere.example' } },
    { code: 'store_answer_invalid' },
  ],
  ['a gateway that is down', { status: 502, body: '<html>' }, { code: 'store_busy' }],
  ['a page that is not there', { status: 404, body: '<html>' }, { code: 'store_answer_invalid' }],
]
test.each(odd)('understands %s', async (_, answer, expected) => {
  const service = await startFakeService(() => answer)
  const odd = await openGcp(scene, new Map([['endpoint', service.address]]))
  const outcome = await readOne(odd, 'app')
  await service.close()
  expect(outcome).toMatchObject({ kind: 'failed', error: expected })
})

test('keys are not written over what a page of somebody else hides', async () => {
  const page = await startFakeService(() => ({ status: 404, body: '<html>' }))
  const odd = await openGcp(scene, new Map([['endpoint', page.address]]))
  const content = { kind: 'keys', members: new Map([['user', textBytes('a')]]) } as const
  expect(await codeOf(odd.write?.({ path: 'app', content }))).toBe('store_answer_invalid')
  expect(page.requests.filter(({ method }) => method !== 'GET')).toEqual([])
  await page.close()
})
