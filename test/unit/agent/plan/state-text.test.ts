import { describe, expect, test } from '@jest/globals'
import { type AgentState, emptyState } from '../../../../agent/plan/state.ts'
import { formatState, parseState } from '../../../../agent/plan/state-text.ts'
import { Secret } from '../../../../core/secret.ts'
import { type SecretRequest, secretRequestKey } from '../../../../core/template/secret-request.ts'
import { answer } from '../../../support/agent-fixtures.ts'
import { failure, held, seconds, start } from '../../../support/plan-fixtures.ts'

const request: SecretRequest = {
  kind: 'write',
  path: 'pki/issue/web',
  data: new Map([['common_name', 'a']]),
}
const key = secretRequestKey(request)

const full: AgentState = {
  ...emptyState,
  timeline: { boot: 'b', startedAt: start },
  session: {
    identity: 'app',
    token: new Secret('hvs.token'),
    isWrapped: false,
    renewable: true,
    openedAt: start,
    expiresAt: start + 1000,
    dueAt: undefined,
    checkedAt: start,
    fingerprint: 'f',
  },
  loginFailure: failure({ temporary: 1 }),
  credentials: new Map([['secret_id', new Secret('s')]]),
  secrets: new Map([
    [
      key,
      held({
        request,
        answer: answer({ n: seconds('1.50'), __proto__x: null, constructor: 'c' }),
        replaceAt: start + 9,
      }),
    ],
  ]),
  stores: new Map([
    ['aws', { identity: 'i', memory: new Map([['keys', new Secret('k')]]), failure: failure() }],
  ]),
  failures: new Map([[key, { ...failure({ absences: 1 }), kind: 'write', path: request.path }]]),
  files: new Map([['/a', 'h']]),
  effects: new Map([['/a', 'h']]),
  sinks: new Map([['/s', 'h']]),
  sinkFailures: new Map([['/s', failure()]]),
  stale: new Set(['/a']),
  changes: new Map([['/a', { hash: 'h', firstAt: start, lastAt: start + 1 }]]),
  commands: new Map([
    ['/a', { kind: 'intended', hash: 'h', failure: undefined }],
    ['/b', { kind: 'due', hash: 'h', failure: failure({ code: 'command_failed' }) }],
  ]),
  wasComplete: true,
}

describe('the state as text', () => {
  test('comes back whole, numbers, odd keys and write requests included', () => {
    const text = formatState(full)
    const parsed = parseState(text)
    expect(parsed).toEqual(full)
    expect(parsed?.session?.token.reveal()).toBe('hvs.token')
    expect(parsed?.credentials.get('secret_id')?.reveal()).toBe('s')
    expect(formatState(parsed ?? emptyState)).toBe(text)
  })

  test('of an empty state comes back empty', () => {
    expect(parseState(formatState(emptyState))).toEqual(emptyState)
  })

  test.each([
    ['nothing', ''],
    ['half a text', formatState(full).slice(0, 40)],
    ['another version', formatState(full).replace(/"version":"\d+"/, '"version":"0"')],
    ['no object', '[]'],
    ['a wrong member', formatState(full).replace('"files":{"/a":"h"}', '"files":[]')],
    ['a code that is none', formatState(full).replace('command_failed', 'command_unknown')],
    ['a kind that is none', formatState(full).replace('"kind":"write"', '"kind":"erase"')],
  ])('is refused when it is %s', (_, text) => {
    expect(text).not.toBe(formatState(full))
    expect(parseState(text)).toBeUndefined()
  })
})
