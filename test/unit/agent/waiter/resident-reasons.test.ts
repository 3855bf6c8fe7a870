import { expect, test } from '@jest/globals'
import {
  type ResidentReason,
  type RestFacts,
  residentReasons,
  shortestSleepMs,
  whyResident,
} from '../../../../agent/waiter/resident-reasons.ts'
import { agentConfig } from '../../../support/agent-fixtures.ts'

const own = { state_path: '/state/state.json' }

const resting: RestFacts = {
  config: agentConfig({ claviger: own }),
  hasWaiter: true,
  isClockShared: true,
  isLast: false,
  isEnding: false,
  hasCommands: false,
  hasUnwritten: false,
  hasCredentials: false,
  listener: { isBusy: false, keepsLeases: false },
  hasSockets: true,
  isWatching: false,
  sleepMs: shortestSleepMs,
}

const supervising = agentConfig({
  claviger: own,
  template: [],
  env_template: [{ PASSWORD: { contents: 'x' } }],
  exec: { command: ['app'] },
})

const rows: readonly (readonly [ResidentReason, Partial<RestFacts>])[] = [
  ['no_waiter', { hasWaiter: false }],
  ['switched_off', { config: agentConfig({ claviger: { ...own, hibernate: false } }) }],
  ['exits', { config: agentConfig({ claviger: own, exit_after_auth: true }) }],
  ['supervises', { config: supervising }],
  ['no_state', { config: agentConfig({ claviger: {} }) }],
  ['clock', { isClockShared: false }],
  ['store_watched', { isWatching: true }],
  ['no_socket', { hasSockets: false }],
  ['ended', { isLast: true }],
  ['ending', { isEnding: true }],
  ['command', { hasCommands: true }],
  ['unwritten', { hasUnwritten: true }],
  ['credentials', { hasCredentials: true }],
  ['listener_busy', { listener: { isBusy: true, keepsLeases: false } }],
  ['leases_kept', { listener: { isBusy: false, keepsLeases: true } }],
  ['soon', { sleepMs: shortestSleepMs - 1 }],
]

test('an agent with nothing to do for 20 s hibernates', () => {
  expect(whyResident(resting)).toBeUndefined()
  expect(whyResident({ ...resting, sleepMs: Number.POSITIVE_INFINITY })).toBeUndefined()
})

test('so does one whose configuration has no claviger block, but a state', () => {
  const persist = { type: 'kubernetes', path: '/cache' }
  const config = agentConfig({ cache: { persist } })
  expect(whyResident({ ...resting, config })).toBeUndefined()
})

test.each(rows)('it stays: %s', (reason, facts) => {
  expect(whyResident({ ...resting, ...facts })).toBe(reason)
})

test('of several reasons the one that lasts is told', () => {
  expect(whyResident({ ...resting, hasCommands: true, hasWaiter: false })).toBe('no_waiter')
})

test('every reason has its own words', () => {
  const texts = Object.values(residentReasons).map(({ text }) => text)
  expect(new Set(texts).size).toBe(texts.length)
})
