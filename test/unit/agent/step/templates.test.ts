import { describe, expect, test } from '@jest/globals'
import { emptyState } from '../../../../agent/plan/state.ts'
import type { Machine } from '../../../../agent/step/ports.ts'
import type { LocalRequest } from '../../../../core/template/local-request.ts'
import {
  agentConfig,
  answer,
  scriptedPorts,
  start,
  stepOf,
  writtenText,
} from '../../../support/agent-fixtures.ts'
import { idleMachine } from '../../../support/idle-machine.ts'

const configFor = (contents: string, policy: Readonly<Record<string, unknown>> = {}) =>
  agentConfig({
    template: [{ destination: '/vault/secrets/app', contents }],
    claviger: { template_policy: policy },
  })

const machineWith = (
  files: Readonly<Record<string, string>>,
  asked: LocalRequest[] = [],
): Machine => ({
  ...idleMachine,
  environment: new Map([['POD_NAME', 'app-0']]),
  answer: async (request) => {
    asked.push(request)
    const text = request.kind === 'file' ? files[request.path] : undefined
    return text === undefined
      ? { kind: 'failed', reason: 'no such file or directory' }
      : { kind: 'text', text }
  },
})

describe('a step asks the store once for all it can know of', () => {
  /** How often reads were started while none was under way. */
  function countingRounds() {
    let running = 0
    let rounds = 0
    const ports = scriptedPorts({
      read: async ({ path }) => {
        if (running++ === 0) rounds++
        await new Promise((resolve) => setImmediate(resolve))
        running--
        return answer({ next: `${path}/next`, value: path })
      },
    })
    return { ports, rounds: () => rounds }
  }

  test.each([
    ['secrets in a row', '{{(secret "a").Data.value}}{{(secret "b").Data.value}}', 1, 'ab'],
    [
      'secrets within secrets',
      '{{with secret "a"}}{{with secret "b"}}{{with secret "c"}}{{.Data.value}}{{end}}{{end}}{{end}}',
      1,
      'c',
    ],
    [
      'a path that another secret holds',
      '{{with secret "a"}}{{with secret .Data.next}}{{.Data.value}}{{end}}{{end}}{{(secret "b").Data.value}}',
      2,
      'a/nextb',
    ],
  ])('%s', async (_, contents, rounds, text) => {
    const store = countingRounds()
    const result = await stepOf(configFor(contents), store.ports)(
      configFor(contents),
      emptyState,
      start,
    )
    expect(writtenText(result)).toEqual([['/vault/secrets/app', text]])
    expect(store.rounds()).toBe(rounds)
  })

  test('a certificate and its key come from one request', async () => {
    const contents = '{{(secret "pki" "cn=x").Data.key}}{{(secret "pki" "cn=x").Data.cert}}'
    let issued = 0
    const ports = scriptedPorts({
      read: async () => answer({ key: `k${++issued}`, cert: `c${issued}` }),
    })
    const result = await stepOf(configFor(contents), ports)(configFor(contents), emptyState, start)
    expect(writtenText(result)).toEqual([['/vault/secrets/app', 'k1c1']])
  })
})

describe('what templates reach of the machine', () => {
  const run = async (
    contents: string,
    policy: Readonly<Record<string, unknown>>,
    machine: Machine,
  ) => {
    const config = configFor(contents, policy)
    return stepOf(config, scriptedPorts({ machine }))(config, emptyState, start)
  }

  test('a file, asked for once a step and looked at again later', async () => {
    const asked: LocalRequest[] = []
    const machine = machineWith({ '/etc/app': 'x' }, asked)
    const result = await run('{{file "/etc/app"}}{{file "/etc/app"}}', { file: ['/etc'] }, machine)
    expect(writtenText(result)).toEqual([['/vault/secrets/app', 'xx']])
    expect(asked).toEqual([{ kind: 'file', path: '/etc/app' }])
    expect(result.nextWake).toBeLessThanOrEqual(start + 300_000)
  })

  test('the environment that it shows', async () => {
    const result = await run('{{env "POD_NAME"}}/{{env "VAULT_CONFIG"}}', {}, machineWith({}))
    expect(writtenText(result)).toEqual([['/vault/secrets/app', 'app-0/']])
  })

  test.each([
    'file "/etc/app"',
    'writeToFile "/x" "" "" "0600" "y"',
    'plugin "id"',
    'sockaddr "x"',
  ])('%s is refused unless the operator allows it', async (call) => {
    const asked: LocalRequest[] = []
    const { writes, effects, events } = await run(`{{${call}}}`, {}, machineWith({}, asked))
    expect({ writes, effects, asked }).toEqual({ writes: [], effects: [], asked: [] })
    expect(events).toContainEqual(expect.objectContaining({ kind: 'template_failed' }))
  })

  test('files that a template writes, once until they change', async () => {
    const config = configFor('{{writeToFile "/out/x" "" "" "0600" "y"}}', {
      write_to_file: ['/out'],
    })
    const step = stepOf(config, scriptedPorts())
    const first = await step(config, emptyState, start)
    expect(first.effects).toMatchObject([
      { effects: [{ path: '/out/x', mode: 0o600, content: 'y' }], policy: { roots: ['/out'] } },
    ])
    expect((await step(config, first.state, start + 1)).effects).toEqual([])
  })

  test('a template that runs too long fails and leaves its file alone', async () => {
    let time = 0
    const machine = { ...idleMachine, elapsed: () => (time += 1000) }
    const { writes, events } = await run('{{range 100000}}{{len "x"}}{{end}}', {}, machine)
    expect(writes).toEqual([])
    expect(JSON.stringify(events)).toContain('exceeded the budget of 10000 milliseconds')
  })
})
