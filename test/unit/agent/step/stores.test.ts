import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import { emptyState } from '../../../../agent/plan/state.ts'
import type { StepStore } from '../../../../agent/step/ports.ts'
import { AppError } from '../../../../core/errors.ts'
import { Secret } from '../../../../core/secret.ts'
import {
  agentConfig,
  answer,
  kvTemplate,
  type PortScript,
  scriptedPorts,
  start,
  stepOf,
  unreachable,
  writtenText,
} from '../../../support/agent-fixtures.ts'
import { scriptedStore, whole } from '../../../support/scripted-store.ts'

const claviger = { stores: { aws: { region: 'eu-west-1' }, gcp: {} } }

function template(destination: string, contents: string) {
  return { destination, contents }
}

const dbFile = template('/db', '{{ (secret "aws:prod/db").Data.user }}')
const vaultFile = template('/app', kvTemplate())

/** A configuration with these files, and ports on these stores. */
function prepare(
  files: readonly object[],
  stores: Readonly<Record<string, StepStore>>,
  { script = {}, changes = {} }: { readonly script?: PortScript; readonly changes?: object } = {},
) {
  const config = agentConfig({ claviger, template: files, ...changes })
  const ports = scriptedPorts({ stores: new Map(Object.entries(stores)), ...script })
  return { config, ports, step: stepOf(config, ports) }
}

const busy = new AppError('store_busy', { store: 'aws', status: 429, retryAfterMs: 20_000 })
const missing = new AppError('secret_missing', { store: 'aws', path: 'prod/db' })

describe('stores beside Vault', () => {
  test('need no login, and an agent without auto_auth renders what comes from them', async () => {
    const aws = scriptedStore()
    const changes = { auto_auth: undefined }
    const script = { method: undefined }
    const { config, ports, step } = prepare([dbFile], { aws }, { script, changes })
    const result = await step(config, emptyState, start)
    expect(writtenText(result)).toEqual([['/db', 'ada']])
    expect(result).toMatchObject({ complete: true, unmet: [] })
    expect(ports.calls).toEqual([])
    expect(result.nextWake).toBeLessThanOrEqual(start + 300_000)
  })

  test('are read while the login at Vault fails', async () => {
    const aws = scriptedStore()
    const login = async () => {
      throw unreachable
    }
    const { config, step } = prepare([dbFile, vaultFile], { aws }, { script: { login } })
    const result = await step(config, emptyState, start)
    expect(writtenText(result)).toEqual([['/db', 'ada']])
    expect(result.unmet).toEqual([
      'login at auth/kubernetes/login as role app: store_unreachable',
      'secret/data/app: not answered yet',
    ])
  })

  test('do not wait for a Vault that does not answer, whose login is made once', async () => {
    const aws = scriptedStore()
    const script = { login: () => new Promise<never>(() => undefined), sleep: () => setImmediate() }
    const { config, ports, step } = prepare([dbFile, vaultFile], { aws }, { script })
    const first = await step(config, emptyState, start)
    expect(writtenText(first)).toEqual([['/db', 'ada']])
    expect(first.nextWake).toBe(start)
    await step(config, first.state, start + 2000)
    expect(ports.calls).toEqual(['login'])
    expect(aws.calls).toEqual(['read prod/db'])
  })

  test('leave the token alone when they refuse their own credentials', async () => {
    const refusal = new AppError('token_invalid', { store: 'aws', status: 403 })
    const aws = scriptedStore({ read: async () => refusal })
    const { config, ports, step } = prepare([dbFile, vaultFile], { aws })
    const result = await step(config, emptyState, start + 60_000)
    expect(result.state.session).toBeDefined()
    expect(ports.calls).toEqual(['login', 'read secret/data/app'])
  })

  test('are asked once for a secret that several files and references name', async () => {
    const aws = scriptedStore({ read: async () => whole('{"user":"ada","password":"p"}') })
    const contents = '{{ secret "aws:prod/db#user" }} {{ (secret "aws:prod/db").Data.password }}'
    const files = [dbFile, template('/both', contents)]
    const { config, step } = prepare(files, { aws })
    const result = await step(config, emptyState, start)
    expect(writtenText(result)).toEqual([
      ['/db', 'ada'],
      ['/both', 'ada p'],
    ])
    expect(aws.calls).toEqual(['read prod/db'])
  })

  test('are told the version that is known, and what is unchanged stays', async () => {
    const answers = [whole('{"user":"ada"}', '7'), 'unchanged' as const, whole('{"user":"eve"}')]
    const aws = scriptedStore({ read: async () => answers.shift() ?? missing })
    const { config, step } = prepare([dbFile], { aws })
    const first = await step(config, emptyState, start)
    const second = await step(config, first.state, start + 300_000)
    const third = await step(config, second.state, start + 600_000)
    expect(aws.calls).toEqual(['read prod/db', 'read prod/db known 7', 'read prod/db known 7'])
    expect([first, second, third].flatMap(writtenText).map(([, text]) => text)).toEqual([
      'ada',
      'ada',
      'eve',
    ])
  })

  test('are read at their own intervals, and seldom where changes are told', async () => {
    const aws = scriptedStore({ refreshMs: 60_000 })
    const gcp = scriptedStore({ refreshMs: 60_000, isWatched: true })
    const files = [dbFile, template('/other', '{{ (secret "gcp:other").Data.user }}')]
    const { config, step } = prepare(files, { aws, gcp })
    const { state } = await step(config, emptyState, start)
    const [first, second] = [...state.secrets.values()].map(({ due }) => (due.at - start) / 60_000)
    expect(first).toBeLessThanOrEqual(1)
    expect(second).toBeGreaterThan(10)
    expect(second).toBeLessThanOrEqual(60)
  })

  test('renew their own leases', async () => {
    const lent = answer({ user: 'u1' }, { leaseId: 'lease', leaseDuration: 100, renewable: true })
    const aws = scriptedStore({ read: async () => lent, renew: async () => 100 })
    const { config, ports, step } = prepare([dbFile], { aws })
    const first = await step(config, emptyState, start)
    const second = await step(config, first.state, start + 75_000)
    expect(aws.calls).toEqual(['read prod/db', 'renew lease'])
    expect(ports.calls).toEqual(['login'])
    expect(second.events).toContainEqual({ kind: 'lease_renewed', path: 'aws:prod/db' })
  })

  test('list names', async () => {
    const names = answer({ keys: ['a', 'b'] })
    const aws = scriptedStore({ names })
    const file = template('/names', '{{ range secrets "aws:prod/" }}{{ . }} {{ end }}')
    const { config, step } = prepare([file], { aws })
    expect(writtenText(await step(config, emptyState, start))).toEqual([['/names', 'a b ']])
    expect(aws.calls).toEqual(['list prod'])
  })
})

describe('a store that is too busy', () => {
  const files = [
    dbFile,
    template('/late', '{{ (secret "aws:late").Data.user }}'),
    template('/gcp', '{{ (secret "gcp:x").Data.user }}'),
  ]

  test('rests as a whole as long as it asks to, and no other store does', async () => {
    const aws = scriptedStore({ read: async () => busy })
    const gcp = scriptedStore()
    const { config, step } = prepare(files, { aws, gcp })
    const first = await step(config, emptyState, start)
    expect(writtenText(first)).toEqual([['/gcp', 'ada']])
    const rest = { kind: 'store_busy', store: 'aws', attempts: 1, retryInMs: 25_000 }
    expect(first.events).toContainEqual(rest)
    expect(first.nextWake).toBe(start + 25_000)
    // A secret that nobody has asked for yet waits as well.
    const more = prepare([...files, template('/new', '{{ (secret "aws:new").Data.user }}')], {
      aws,
      gcp,
    })
    await more.step(more.config, first.state, start + 10_000)
    expect(aws.calls).toEqual(['read prod/db', 'read late'])
    await more.step(more.config, first.state, start + 25_000)
    expect(aws.calls.slice(2)).toEqual(['read prod/db', 'read late', 'read new'])
  })

  test('rests longer each time, and not at all once it answers', async () => {
    let error: AppError | undefined = new AppError('store_busy', { store: 'aws', status: 503 })
    const aws = scriptedStore({ read: async () => error ?? whole('{"user":"ada"}') })
    const { config, step } = prepare([dbFile], { aws }, { script: { chance: () => 0 } })
    let result = await step(config, emptyState, start)
    const pauses: number[] = []
    for (let now = start; pauses.length < 5; ) {
      pauses.push(result.nextWake - now)
      now = result.nextWake
      result = await step(config, result.state, now)
    }
    expect(pauses).toEqual([250, 500, 1000, 2000, 4000])
    error = undefined
    const last = await step(config, result.state, result.nextWake)
    expect(last.state.stores.get('aws')?.failure).toBeUndefined()
    expect(writtenText(last)).toEqual([['/db', 'ada']])
  })
})

describe('what need not be there', () => {
  const optional = template('/db', 'user={{ secret "aws:prod/db#user?" }}')

  test('is asked for with growing pauses, fails nothing, and appears', async () => {
    let found = false
    const aws = scriptedStore({ read: async () => (found ? whole('{"user":"ada"}') : missing) })
    const { config, step } = prepare([optional], { aws }, { script: { chance: () => 0 } })
    let result = await step(config, emptyState, start)
    expect(result).toMatchObject({ complete: true, unmet: [] })
    expect(writtenText(result)).toEqual([['/db', 'user=']])
    expect(result.events).toContainEqual(
      expect.objectContaining({ kind: 'secret_absent', path: 'aws:prod/db' }),
    )
    expect(result.events.filter(({ kind }) => kind === 'failed')).toEqual([])
    let now = start
    for (let count = 0; count < 9; count++) {
      now = result.nextWake
      result = await step(config, result.state, now)
    }
    expect(result.nextWake - now).toBe(60_000)
    expect(aws.calls).toHaveLength(10)
    found = true
    const last = await step(config, result.state, result.nextWake)
    expect(writtenText(last)).toEqual([['/db', 'user=ada']])
  })

  test('does not excuse a file that needs it', async () => {
    const aws = scriptedStore({ read: async () => missing })
    const { config, step } = prepare([optional, { ...dbFile, destination: '/must' }], { aws })
    const result = await step(config, emptyState, start)
    expect(result.complete).toBe(false)
    expect(result.unmet).toEqual(['aws:prod/db: secret_missing'])
    expect(result.events).toContainEqual(expect.objectContaining({ kind: 'failed', what: 'read' }))
  })

  test('of a format is a file that is not written', async () => {
    const aws = scriptedStore({ read: async () => missing })
    const file = { destination: '/db', format: 'raw', secret: 'aws:prod/db?' }
    const { config, step } = prepare([file], { aws })
    expect(await step(config, emptyState, start)).toMatchObject({ complete: true, writes: [] })
  })
})

describe('a secret that lacks keys', () => {
  const file = template('/db', '{{ secret "aws:prod/db#pasword" }}{{ secret "aws:prod/db#host" }}')

  test('leaves its file unwritten, names all of them, and is read again within the minute', async () => {
    const aws = scriptedStore({ read: async () => whole('{"password":"p"}') })
    const { config, step } = prepare([file], { aws })
    const result = await step(config, emptyState, start)
    expect(result).toMatchObject({ complete: false, writes: [], giveUp: undefined })
    const [event] = result.events.filter(({ kind }) => kind === 'template_failed')
    const keys = 'aws:prod/db#pasword (did you mean password?), aws:prod/db#host'
    const error = { code: 'key_missing', facts: { destination: '/db', missing: keys } }
    expect(event).toMatchObject({ destination: '/db', error })
    expect(result.unmet).toEqual([`/db: key_missing: ${keys}`])
    expect(result.nextWake).toBe(start + 60_000)
  })

  test('ends an agent that is to end with failures', async () => {
    const aws = scriptedStore()
    const changes = { template_config: { exit_on_retry_failure: true } }
    const { config, step } = prepare([file], { aws }, { changes })
    expect((await step(config, emptyState, start)).giveUp?.code).toBe('key_missing')
  })
})

describe('what a store left', () => {
  test('is handed to the next process, and kept with what that learns', async () => {
    const former = scriptedStore()
    former.memory.set('keys', new Secret('session keys'))
    const { config, step } = prepare([dbFile], { aws: former })
    const { state } = await step(config, emptyState, start)
    const next = scriptedStore()
    await prepare([dbFile], { aws: next }).step(config, state, start + 1000)
    expect(next.memory.get('keys')?.reveal()).toBe('session keys')
    expect(next.calls).toEqual([])
  })

  test('is nothing to a store with other settings, nor to the Vault beside it', async () => {
    const gcp = scriptedStore()
    const files = [dbFile, template('/gcp', '{{ (secret "gcp:x").Data.user }}'), vaultFile]
    const former = scriptedStore()
    former.memory.set('keys', new Secret('session keys'))
    const { config, step } = prepare(files, { aws: former, gcp })
    const { state } = await step(config, emptyState, start)
    const other = scriptedStore({ identity: 'other' })
    const again = prepare(files, { aws: other, gcp })
    await again.step(config, state, start + 1000)
    expect(other.memory.size).toBe(0)
    expect(other.calls).toEqual(['read prod/db'])
    expect(gcp.calls).toEqual(['read x'])
    expect(again.ports.calls).toEqual([])
    const role = scriptedPorts({ role: 'another', stores: new Map([['aws', other]]) })
    await stepOf(config, role)(config, state, start + 2000)
    expect(role.calls).toEqual(['login', 'read secret/data/app'])
  })
})
