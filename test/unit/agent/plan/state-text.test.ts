import { describe, expect, test } from '@jest/globals'
import { emptyState } from '../../../../agent/plan/state.ts'
import { formatState, parseState } from '../../../../agent/plan/state-text.ts'
import { JsonNumber } from '../../../../core/json.ts'
import {
  agentConfig,
  answer,
  scriptedPorts,
  start,
  stepOf,
} from '../../../support/agent-fixtures.ts'

describe('the state as text', () => {
  test('comes back whole, numbers, odd keys and write requests included', async () => {
    const contents = `{{ with secret "pki/issue/web" "common_name=a" }}{{ .Data.n }}{{ end }}`
    const config = agentConfig({ template: [{ destination: '/a', contents }] })
    const ports = scriptedPorts({
      read: async () => answer({ n: new JsonNumber('1.50'), __proto__x: null, constructor: 'c' }),
    })
    const { state } = await stepOf(config, ports)(config, emptyState, start)
    const text = formatState(state)
    const parsed = parseState(text)
    expect(parsed).toEqual(state)
    expect(parsed?.session?.token.reveal()).toBe('hvs.token')
    expect(formatState(parsed ?? emptyState)).toBe(text)
  })

  test('of an empty state comes back empty', () => {
    expect(parseState(formatState(emptyState))).toEqual(emptyState)
  })

  test.each([
    ['nothing', ''],
    ['half a text', formatState(emptyState).slice(0, 40)],
    ['another version', formatState(emptyState).replace('"1"', '"0"')],
    ['no object', '[]'],
    ['a wrong member', formatState(emptyState).replace('"files":{}', '"files":[]')],
  ])('is refused when it is %s', (_, text) => {
    expect(parseState(text)).toBeUndefined()
  })
})
