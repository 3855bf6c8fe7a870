/** How a simulated process under a waiter decides whether it ends between two steps: by the agent's own rules and words. */
import type { AgentConfig } from '../../../agent/config/agent-config.ts'
import type { Rest, RestDecision } from '../../../agent/plan/rest.ts'
import { formatLastWord } from '../../../agent/waiter/last-word.ts'
import { judgeUse, quietAt, quietMsOf } from '../../../agent/waiter/listener-quiet.ts'
import { whyResident } from '../../../agent/waiter/resident-reasons.ts'
import { parseLastWord } from '../waiter/last-word.ts'
import type { LastWord } from '../waiter/model.ts'
import type { DayPlan } from './day-plan.ts'
import type { SimulatedCall } from './simulated-container.ts'
import type { World } from './world.ts'

export type Settle = (config: AgentConfig, rest: Rest) => RestDecision

interface Setting {
  readonly plan: DayPlan
  readonly call: SimulatedCall
  /** Told of the last word of a process that is to end. */
  readonly rests: (word: LastWord) => void
}

const endMs = 5_000

export function createSettle({ time }: World, { plan, call, rests }: Setting): Settle {
  const quietMs = quietMsOf(call)
  const lastAt = call.cause === 'connection' ? time.now : Number.NEGATIVE_INFINITY
  const use = { requests: 0, lastAt, keepsLeases: false }
  return (config, { wakeAt, isLast, hasCommands, hasUnwritten }) => {
    const reason = whyResident({
      config,
      hasWaiter: true,
      isClockShared: true,
      isEnding: call.cause === 'end',
      isLast,
      hasCommands,
      hasUnwritten,
      hasCredentials: false,
      listener: judgeUse(use, quietMs, time.now),
      hasSockets: true,
      isWatching: false,
      sleepMs: wakeAt - time.now,
    })
    if (reason !== undefined) {
      const isBusy = reason === 'listener_busy'
      const askAgainAt = isBusy ? quietAt(use, quietMs, time.now) : Number.POSITIVE_INFINITY
      return { kind: 'stay', askAgainAt }
    }
    const spoken = formatLastWord({
      dueAt: wakeAt - time.start,
      endMs: plan.revokeOnShutdown ? endMs : undefined,
      watched: new Map(),
      places: ['tcp 127.0.0.1 8200'],
    })
    const word = spoken.kind === 'text' ? parseLastWord(spoken.text) : undefined
    if (word === undefined) throw new Error('the last word cannot be read')
    rests(word)
    return { kind: 'end' }
  }
}
