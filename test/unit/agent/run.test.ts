import { describe, expect, test } from '@jest/globals'
import { createStateMemory } from '../../../agent/files/state-file.ts'
import { runAgent } from '../../../agent/run.ts'
import type { StepPorts } from '../../../agent/step/ports.ts'
import { AppError } from '../../../core/errors.ts'
import { createLogger } from '../../../core/log.ts'
import { createManualClock } from '../../integration/webhook/support/clock.ts'
import { agentConfig, scriptedPorts, stepOf } from '../../support/agent-fixtures.ts'

/** An agent on a clock of the test; `logged` resolves when a line holds the text. */
function startAgent(changes: object, script: Partial<StepPorts>) {
  const config = agentConfig({
    exit_after_auth: true,
    claviger: { init_deadline: '90s' },
    ...changes,
  })
  const clock = createManualClock()
  const stopper = new AbortController()
  const lines: string[] = []
  const watchers = new Set<() => void>()
  const write = (line: string) => {
    lines.push(line)
    for (const watcher of watchers) watcher()
  }
  const logger = createLogger({ level: 'info', format: 'standard', write, now: () => 0 })
  const step = stepOf(config, scriptedPorts(script))
  const stateStore = createStateMemory()
  const ended = runAgent({ config, step, stateStore, clock, logger, stop: stopper.signal })
  const logged = (text: string) =>
    new Promise<void>((resolve) => {
      const check = () => void (lines.some((line) => line.includes(text)) && resolve())
      watchers.add(check)
      check()
    })
  return { clock, lines, ended, logged, stop: () => stopper.abort() }
}

const never = () => new Promise<never>(() => {})
const refuse = async () => {
  throw new AppError('store_refused', { path: 'secret/data/app', status: 403 })
}

describe('init_deadline', () => {
  test('ends an agent that is to exit, with what is missing', async () => {
    const agent = startAgent({}, { read: refuse })
    await agent.logged('store request failed')
    agent.clock.advance(90_000)
    expect(await agent.ended).toBe(75)
    const last = agent.lines.at(-1)
    expect(last).toContain('giving up code=deadline_exceeded')
    expect(last).toContain('deadline_s=90 missing="secret/data/app: store_refused"')
  })

  test('ends it while a request hangs', async () => {
    const agent = startAgent({}, { login: never })
    await agent.clock.waiting()
    agent.clock.advance(90_000)
    expect(await agent.ended).toBe(75)
    expect(agent.lines.at(-1)).toContain('missing="no answer from http://127.0.0.1:8200 yet"')
  })

  test('does not end it a moment earlier', async () => {
    const agent = startAgent({}, { read: refuse })
    await agent.logged('store request failed')
    agent.clock.advance(89_999)
    await agent.clock.waiting()
    agent.stop()
    expect(await agent.ended).toBe(0)
    expect(agent.lines.at(-1)).toContain('stopped')
  })

  test('is nothing to a sidecar', async () => {
    const agent = startAgent({ exit_after_auth: false }, { read: refuse })
    await agent.logged('store request failed')
    agent.clock.advance(1_000_000)
    await agent.clock.waiting()
    agent.stop()
    expect(await agent.ended).toBe(0)
  })
})
