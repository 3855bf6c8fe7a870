import { expect, test } from '@jest/globals'
import { staleAt } from '../../../../agent/plan/staleness.ts'
import { emptyState } from '../../../../agent/plan/state.ts'
import { type SecretRequest, secretRequestKey } from '../../../../core/template/secret-request.ts'
import { held, start } from '../../../support/plan-fixtures.ts'

const request = (path: string): SecretRequest => ({ kind: 'read', path, query: [] })

const state = {
  ...emptyState,
  secrets: new Map(
    [
      held({ request: request('old'), readAt: start }),
      held({ request: request('new'), readAt: start + 5000 }),
      held({ request: request('leased'), readAt: start + 5000, expiresAt: start + 6000 }),
    ].map((secret) => [secretRequestKey(secret.request), secret]),
  ),
}

test.each([
  [['new'], 15_000],
  [['old', 'new'], 10_000],
  [['new', 'leased'], 6000],
  [['unknown', 'new'], 15_000],
])('what is made of %j is too old after %i ms', (paths, expected) => {
  const staleness = { maxMs: 10_000, action: 'keep' } as const
  expect(staleAt(staleness, paths.map(request), state)).toBe(start + expected)
})

test('what is made of no secret never is', () => {
  expect(staleAt({ maxMs: 1, action: 'keep' }, [], state)).toBe(Number.POSITIVE_INFINITY)
})
