import { describe, expect, test } from '@jest/globals'
import type { ApplyStep } from '../../../agent/apply.ts'
import { CommandQueue } from '../../../agent/commands/command-queue.ts'
import type { AgentConfig, CommandConfig } from '../../../agent/config/agent-config.ts'
import { createStateMemory } from '../../../agent/files/state-file.ts'
import { type AgentState, emptyState } from '../../../agent/plan/state.ts'
import { AgentLoop } from '../../../agent/run.ts'
import { AppError } from '../../../core/errors.ts'
import { createLogger } from '../../../core/log.ts'
import { Secret } from '../../../core/secret.ts'
import type { SecretAnswer } from '../../../core/template/secret-request.ts'
import { createManualClock } from '../../integration/webhook/support/clock.ts'
import {
  agentConfig,
  auth,
  kvAnswer,
  kvTemplate,
  type PortScript,
  scriptedPorts,
  stepOf,
} from '../../support/agent-fixtures.ts'

interface Start {
  readonly script?: PortScript
  /** What is on the disk already: destination → text. */
  readonly disk?: Map<string, string>
  readonly state?: AgentState
  /** Exit codes of the commands, one after the other; then 0. */
  readonly exitCodes?: readonly number[]
}

/** An agent on a clock and a disk of the test; `logged` resolves when a line holds the text. */
function startAgent(
  config: AgentConfig,
  { script = {}, state = emptyState, ...given }: Start = {},
) {
  const clock = createManualClock()
  const stopper = new AbortController()
  const lines: string[] = []
  const watchers = new Set<() => void>()
  const write = (line: string) => {
    lines.push(line)
    for (const watcher of watchers) watcher()
  }
  const disk = given.disk ?? new Map<string, string>()
  const apply: ApplyStep = (_logger, { writes }) => {
    const changed = writes.filter(
      ({ destination, bytes }) => disk.get(destination) !== Buffer.from(bytes).toString(),
    )
    for (const { destination, bytes } of changed) {
      disk.set(destination, Buffer.from(bytes).toString())
    }
    return { changed: new Set(changed.map(({ destination }) => destination)), failed: new Map() }
  }
  const exitCodes = [...(given.exitCodes ?? [])]
  const ran: string[] = []
  const execute = async (command: CommandConfig) => {
    ran.push('words' in command ? command.words.join(' ') : command.signal)
    const code = exitCodes.shift() ?? 0
    return code === 0 ? undefined : new AppError('command_failed', { exit_code: code })
  }
  const loop = new AgentLoop(
    { config, step: stepOf(config, scriptedPorts(script)) },
    {
      state,
      stateStore: createStateMemory(),
      clock,
      logger: createLogger({ level: 'info', format: 'standard', write, now: () => 0 }),
      observe: () => undefined,
      apply,
      createQueue: (onDone) => new CommandQueue(execute, onDone),
      supervisor: undefined,
      stop: stopper.signal,
    },
  )
  const ended = loop.run()
  const logged = (text: string) =>
    new Promise<void>((resolve) => {
      const check = () => void (lines.some((line) => line.includes(text)) && resolve())
      watchers.add(check)
      check()
    })
  return { clock, loop, lines, ended, logged, ran, disk, stop: () => stopper.abort() }
}

const never = () => new Promise<never>(() => {})
const refuse = async () => {
  throw new AppError('store_refused', { path: 'secret/data/app', status: 403 })
}
const initConfig = (changes: object = {}) =>
  agentConfig({ exit_after_auth: true, claviger: { init_deadline: '90s' }, ...changes })

describe('init_deadline', () => {
  test('ends an agent that is to exit, with what is missing', async () => {
    const agent = startAgent(initConfig(), { script: { read: refuse } })
    await agent.logged('store request failed')
    agent.clock.advance(90_000)
    expect(await agent.ended).toBe(1)
    const last = agent.lines.at(-1)
    expect(last).toContain('giving up code=deadline_exceeded')
    expect(last).toContain('deadline_s=90 missing="secret/data/app: store_refused"')
  })

  test('ends it while a request hangs', async () => {
    const agent = startAgent(initConfig(), { script: { login: never } })
    await agent.clock.waiting()
    agent.clock.advance(90_000)
    expect(await agent.ended).toBe(1)
    expect(agent.lines.at(-1)).toContain('missing="no answer from http://127.0.0.1:8200 yet"')
  })

  test('does not end it a moment earlier', async () => {
    const agent = startAgent(initConfig(), { script: { read: refuse } })
    await agent.logged('store request failed')
    agent.clock.advance(89_999)
    await agent.clock.waiting()
    agent.stop()
    expect(await agent.ended).toBe(0)
    expect(agent.lines.at(-1)).toContain('stopped')
  })

  test('is nothing to a sidecar', async () => {
    const agent = startAgent(initConfig({ exit_after_auth: false }), { script: { read: refuse } })
    await agent.logged('store request failed')
    agent.clock.advance(1_000_000)
    await agent.clock.waiting()
    agent.stop()
    expect(await agent.ended).toBe(0)
  })
})

describe('commands', () => {
  const template = { destination: '/a', contents: kvTemplate(), command: 'reload' }
  const config = (changes: object = {}) => agentConfig({ template: [template], ...changes })

  test('run once for a change, and not for a file that holds the bytes already', async () => {
    const agent = startAgent(config({ exit_after_auth: true }))
    expect(await agent.ended).toBe(0)
    expect(agent.ran).toEqual(['reload'])
    const again = startAgent(config({ exit_after_auth: true }), { disk: agent.disk })
    expect(await again.ended).toBe(0)
    expect(again.ran).toEqual([])
  })

  test('that belong to several files run once for all of them', async () => {
    const both = [template, { ...template, destination: '/b' }]
    const agent = startAgent(config({ template: both, exit_after_auth: true }))
    expect(await agent.ended).toBe(0)
    expect(agent.ran).toEqual(['reload'])
  })

  test('that an earlier process left run although the file is there', async () => {
    const first = startAgent(config({ exit_after_auth: true }))
    await first.ended
    const commands = new Map([
      [
        '/a',
        { kind: 'intended', hash: first.loop.state.files.get('/a') ?? '', failure: undefined },
      ],
    ] as const)
    const state = { ...first.loop.state, commands }
    const next = startAgent(config({ exit_after_auth: true }), { state, disk: first.disk })
    expect(await next.ended).toBe(0)
    expect(next.ran).toEqual(['reload'])
  })

  test('that fail are tried again, and keep the agent from being ready', async () => {
    const agent = startAgent(config(), { exitCodes: [3] })
    await agent.logged('command failed')
    await agent.clock.waiting()
    expect(agent.loop.state.wasComplete).toBe(false)
    agent.clock.advance(1000)
    await agent.logged('command run')
    await agent.clock.waiting()
    expect(agent.ran).toEqual(['reload', 'reload'])
    expect(agent.loop.state.wasComplete).toBe(true)
    agent.stop()
    expect(await agent.ended).toBe(0)
  })

  test.each([
    [true, 1],
    [false, 0],
  ])(
    'that fail before the end of an init container, exit_on_retry_failure %p',
    async (exit, code) => {
      const changes = { exit_after_auth: true, template_config: { exit_on_retry_failure: exit } }
      const agent = startAgent(config(changes), { exitCodes: [3] })
      expect(await agent.ended).toBe(code)
      expect(agent.ran).toEqual(['reload'])
    },
  )
})

test('another program goes on over the same state', async () => {
  const agent = startAgent(agentConfig())
  await agent.clock.waiting()
  const config = agentConfig({
    template: [
      { destination: '/vault/secrets/app', contents: kvTemplate() },
      { destination: '/new', contents: 'new' },
    ],
  })
  const ports = scriptedPorts({ read: async () => kvAnswer('eve') })
  agent.loop.replace({ config, step: stepOf(config, ports) })
  await agent.clock.waiting()
  agent.stop()
  expect(await agent.ended).toBe(0)
  expect(ports.calls).toEqual([])
  expect(agent.disk.get('/new')).toBe('new')
})

test('a token that is doubted while a step is under way is renewed in the next', async () => {
  let answer: (value: SecretAnswer) => void = () => undefined
  let asked: () => void = () => undefined
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve
  })
  const read = () => {
    asked()
    return new Promise<SecretAnswer>((resolve) => {
      answer = resolve
    })
  }
  const agent = startAgent(agentConfig(), { script: { read } })
  await isAsked
  agent.loop.doubtToken(new Secret(auth().clientToken))
  answer(kvAnswer('ada'))
  await agent.logged('token renewed')
  agent.stop()
  expect(await agent.ended).toBe(0)
})
