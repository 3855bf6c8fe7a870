import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type AgentState, emptyState, type Failure } from '../../../agent/plan/state.ts'
import { formatState, parseState } from '../../../agent/plan/state-text.ts'
import { type ErrorCode, errorCatalogue, isErrorCode } from '../../../core/errors.ts'
import type { JsonValue } from '../../../core/json.ts'
import { Secret } from '../../../core/secret.ts'
import {
  type SecretContent,
  type SecretRequest,
  secretRequestKey,
} from '../../../core/template/secret-request.ts'
import { answer } from '../../support/agent-fixtures.ts'
import { held, seconds } from '../../support/plan-fixtures.ts'

const time = fc.integer({ min: 0, max: 4e12 })
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
const text = fc.string({ unit: 'grapheme' })
const mapOf = <T>(value: fc.Arbitrary<T>) =>
  fc.array(fc.tuple(text, value), { maxLength: 4 }).map((entries) => new Map(entries))

const value: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    text,
    fc.boolean(),
    fc.constant(null),
    fc.integer().map(seconds),
    mapOf(tie('value')),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
})).value

/** Where it is there at all. */
const some = <Key extends string, T>(key: Key, of: fc.Arbitrary<T>) =>
  fc.option(of, { nil: undefined }).map((one) => (one === undefined ? {} : { [key]: one }))

const request: fc.Arbitrary<SecretRequest> = fc.oneof(
  fc.tuple(text, some('store', text), some('version', text)).map(([path, store, version]) => ({
    kind: 'read' as const,
    path,
    query: [],
    ...store,
    ...version,
  })),
  fc.record({
    kind: fc.constant('read' as const),
    path: text,
    query: fc.array(fc.tuple(text, text), { maxLength: 2 }),
  }),
  fc.record({ kind: fc.constant('list' as const), path: text }),
  fc.record({
    kind: fc.constantFrom('write' as const, 'pki' as const),
    path: text,
    data: mapOf(value),
  }),
)

const code: fc.Arbitrary<ErrorCode> = fc.constantFrom(
  ...Object.keys(errorCatalogue).filter(isErrorCode),
)
const count = fc.nat(1000)
const failure: fc.Arbitrary<Failure> = fc.record({
  count,
  temporary: count,
  absences: count,
  retryAt: time,
  code,
})

const bytes = fc.uint8Array().map((units) => Buffer.from(units).toString('latin1'))

const content: fc.Arbitrary<SecretContent> = fc.oneof(
  fc.record({ kind: fc.constant('whole' as const), bytes }),
  fc.record({ kind: fc.constant('keys' as const), members: mapOf(bytes) }),
)

const stored = fc
  .tuple(some('content', content), some('version', text), some('expiresAt', time))
  .map((members) => Object.assign({}, ...members))

const heldSecret = fc
  .record({
    stored,
    request,
    data: mapOf(value),
    readAt: time,
    expiresAt: maybe(time),
    due: fc.record({ kind: fc.constantFrom('renew' as const, 'read' as const), at: time }),
    replaceAt: maybe(time),
  })
  .map(({ data, stored: others, ...secret }) =>
    held({ ...secret, answer: { ...answer({}), data, ...others } }),
  )

const state: fc.Arbitrary<AgentState> = fc
  .record({
    session: maybe(
      fc.record({
        identity: text,
        token: text.map((token) => new Secret(token)),
        isWrapped: fc.boolean(),
        renewable: fc.boolean(),
        openedAt: time,
        expiresAt: maybe(time),
        dueAt: maybe(time),
        checkedAt: maybe(time),
        fingerprint: maybe(text),
      }),
    ),
    loginFailure: maybe(failure),
    secrets: fc
      .array(heldSecret, { maxLength: 4 })
      .map((all) => new Map(all.map((one) => [secretRequestKey(one.request), one]))),
    stores: mapOf(
      fc.record({
        identity: text,
        memory: mapOf(text.map((kept) => new Secret(kept))),
        failure: maybe(failure),
      }),
    ),
    files: mapOf(text),
    sinks: mapOf(text),
    sinkFailures: mapOf(failure),
    changes: mapOf(fc.record({ hash: text, firstAt: time, lastAt: time })),
    commands: mapOf(
      fc.record({
        kind: fc.constantFrom('intended' as const, 'due' as const),
        hash: text,
        failure: maybe(failure),
      }),
    ),
    stale: fc.array(text, { maxLength: 3 }).map((all) => new Set(all)),
    wasComplete: fc.boolean(),
  })
  .map((members) => ({ ...emptyState, ...members }))

test('every state comes back from its text as it was, its token included', () => {
  fc.assert(
    fc.property(state, (given) => {
      const parsed = parseState(formatState(given))
      expect(parsed).toEqual(given)
      expect(parsed?.session?.token.reveal()).toBe(given.session?.token.reveal())
      expect(parsed === undefined ? [] : reveal(parsed)).toEqual(reveal(given))
    }),
    { numRuns: 300 },
  )
})

function reveal({ stores }: AgentState): readonly string[] {
  return [...stores.values()].flatMap(({ memory }) =>
    Array.from(memory.values(), (secret) => secret.reveal()),
  )
}

test('no other text is a state, and none throws', () => {
  fc.assert(
    fc.property(state, fc.nat(), (given, place) => {
      const whole = formatState(given)
      expect(parseState(whole.slice(0, place % whole.length))).toBeUndefined()
    }),
  )
})
