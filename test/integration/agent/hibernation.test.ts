/** The built agent under a waiter that follows the model. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { requestsOf, working } from '../../support/agent-suite.ts'
import { canary, expectClean } from '../../support/canary.ts'
import { kvBody, loginAnswer } from '../../support/scripted-vault.ts'
import { useWaiterSuite } from '../../support/waiter/waiter-suite.ts'

const suite = useWaiterSuite()
const { startAgent, ask } = suite

const login = 'PUT auth/kubernetes/login'
const read = 'GET secret/data/app'

describe('an agent that has nothing to do', () => {
  test('ends until its next step, and goes on then with the same login', async () => {
    let password = 'first'
    const store = await suite.start(({ path }) =>
      path.startsWith('auth/') ? loginAnswer : kvBody({ password }),
    )
    const interval = { template_config: { static_secret_render_interval: '30s' } }
    const waiter = startAgent(suite.folder.config(store.address, interval), 'info')
    const word = await waiter.rest()
    expect(suite.folder.files()).toEqual({ app: 'password=first' })
    expect(word).toMatchObject({ sockets: [] })
    expect(word.endMs).toBeUndefined()
    const said = waiter.lines.length
    waiter.signal('SIGUSR1')
    password = 'second'
    await waiter.until(() => waiter.causes.length === 2)
    await waiter.rest()
    expect(suite.folder.files()).toEqual({ app: 'password=second' })
    expect(requestsOf(store)).toEqual([login, read, read])
    expect(waiter.causes).toEqual(['start', 'due'])
    expect(waiter.lines.slice(said)).toEqual([expect.stringContaining('file written')])
    waiter.signal('SIGTERM')
    expect(await waiter.ended()).toBe(0)
  })

  test('does nothing and says nothing at a step that finds nothing to do', async () => {
    const store = await suite.start(working)
    const waiter = startAgent(suite.folder.config(store.address), 'info')
    await waiter.rest()
    const said = waiter.lines.length
    waiter.fire({ kind: 'time' })
    await waiter.rest()
    expect(waiter.lines.slice(said)).toEqual([])
    expect(requestsOf(store)).toEqual([login, read])
  })

  test('says so, and answers whether it is ready and alive', async () => {
    const store = await suite.start(working)
    const config = suite.folder.config(store.address)
    suite.folder.write('agent.json', JSON.stringify(config))
    expect(await ask('ready')).toEqual({ code: 1, text: 'not ready' })
    expect(await ask('live')).toEqual({ code: 0, text: 'alive' })
    await startAgent(config).rest()
    expect(await ask('ready')).toEqual({ code: 0, text: 'ready' })
    expect(await ask('live')).toEqual({ code: 0, text: 'alive' })
    const status = await ask('status')
    expect(status.code).toBe(0)
    expect(status.text).toMatch(/^rests {4}without a process, next step in \d+[ms]\S*$/m)
    expect(JSON.parse((await ask('status', '-json')).text)).toMatchObject({
      ready: true,
      hibernates: true,
      resident_because: null,
    })
  })

  test('leaves nothing of a secret in what it says before it ends', async () => {
    const { token, value } = canary
    const auth = { client_token: token, lease_duration: 3600, renewable: true }
    const store = await suite.start(({ path }) =>
      path.startsWith('auth/') ? { status: 200, body: { auth } } : kvBody({ password: value }),
    )
    const waiter = startAgent(suite.folder.config(store.address), 'trace')
    const word = await waiter.rest()
    const state = join(suite.folder.root, 'state')
    expectClean(JSON.stringify(word))
    expectClean(waiter.lines.join('\n'))
    for (const name of ['status', 'status.texts'])
      expectClean(readFileSync(join(state, name), 'utf8'))
    expectClean((await ask('status')).text)
  })

  test('is overdue when a step does not come', async () => {
    const store = await suite.start(working)
    await startAgent(suite.folder.config(store.address)).rest()
    const path = join(suite.folder.root, 'state', 'status')
    const text = readFileSync(path, 'utf8').replace(/overdue \d+/, 'overdue 1')
    writeFileSync(path, text)
    expect(await ask('live')).toEqual({ code: 1, text: 'overdue' })
  })
})

describe('an agent that stays', () => {
  test.each([
    [
      'its configuration says so',
      { claviger: { hibernate: false } },
      'claviger.hibernate is false',
    ],
    [
      'its next step is near',
      { template_config: { static_secret_render_interval: '10s' } },
      'the next step is due in less than 20 s',
    ],
    [
      'a command fails',
      {
        template: [{ command: 'exit 3' }],
        template_config: { exit_on_retry_failure: false },
      },
      'a command runs or is to run',
    ],
  ])('because %s, says why', async (_, changes, reason) => {
    const store = await suite.start(working)
    const base: Readonly<Record<string, unknown>> = {
      ...suite.folder.config(store.address),
    }
    const config = Object.fromEntries(
      Object.entries({ ...base, ...changes }).map(([key, value]) => {
        const own = base[key]
        if (Array.isArray(own) && Array.isArray(value)) {
          return [key, own.map((block) => ({ ...block, ...value[0] }))]
        }
        return [key, { ...Object(own), ...Object(value) }]
      }),
    )
    const waiter = startAgent(config)
    await waiter.waitFor(new RegExp(`not hibernating reason="${reason}"`))
    await waiter.waitFor(/file written/)
    expect((await ask('status')).text).toMatch(
      new RegExp(`^rests {4}as a process: ${reason}$`, 'm'),
    )
    waiter.signal('SIGTERM')
    expect(await waiter.ended()).toBe(0)
  })

  test('has nothing of the waiter in the environment of its commands', async () => {
    const store = await suite.start(working)
    const seen = join(suite.folder.root, 'seen')
    const contents = '{{ with secret "secret/data/app" }}x{{ end }}'
    const command = `env > ${seen}`
    const template = [{ destination: join(suite.folder.secrets, 'app'), contents, command }]
    await startAgent(suite.folder.config(store.address, { template })).rest()
    expect(readFileSync(seen, 'utf8')).not.toMatch(/CLAVIGER_(?:WAITER|SOCKETS)/)
  })
})

describe('files that change', () => {
  const template = (source: string) => ({
    template: [{ destination: join(suite.folder.secrets, 'app'), source }],
  })

  test('start an agent with a claviger block, and count', async () => {
    const store = await suite.start(working)
    const source = suite.folder.write('app.tpl', 'one')
    const waiter = startAgent(suite.folder.config(store.address, template(source)))
    await waiter.rest()
    suite.folder.write('app.tpl', 'two')
    waiter.look()
    await waiter.rest()
    expect(suite.folder.files()).toEqual({ app: 'two' })
    expect(waiter.causes).toEqual(['start', 'change'])
  })

  test('in vain leave the old ones in use, also when they are gone', async () => {
    const store = await suite.start(working)
    const source = suite.folder.write('app.tpl', 'one {{ env "HOME" }}')
    const waiter = startAgent(suite.folder.config(store.address, template(source)))
    await waiter.rest()
    suite.folder.write('app.tpl', 'two {{')
    suite.folder.write('agent.json', '{')
    waiter.look()
    await waiter.rest()
    expect(waiter.lines.join('\n')).toContain('configuration refused, the old one stays')
    rmSync(source)
    waiter.look()
    await waiter.rest()
    rmSync(join(suite.folder.secrets, 'app'))
    waiter.fire({ kind: 'time' })
    await waiter.rest()
    expect(suite.folder.files()).toEqual({ app: expect.stringMatching(/^one/) })
    expect(waiter.causes).toEqual(['start', 'change', 'change', 'due'])
    expect(requestsOf(store)).toEqual([login])
  })

  test('mean nothing to one without, until SIGHUP', async () => {
    const store = await suite.start(working)
    const source = suite.folder.write('app.tpl', 'one')
    const { claviger: _, ...config } = { claviger: {}, ...suite.folder.config(store.address) }
    const persist = { type: 'kubernetes', path: join(suite.folder.root, 'state') }
    const waiter = startAgent({ ...config, ...template(source), cache: { persist } })
    expect((await waiter.rest()).watched).toEqual([])
    suite.folder.write('app.tpl', 'two')
    waiter.fire({ kind: 'time' })
    await waiter.rest()
    expect(suite.folder.files()).toEqual({ app: 'one' })
    waiter.signal('SIGHUP')
    await waiter.rest()
    expect(suite.folder.files()).toEqual({ app: 'two' })
  })

  test('count for an agent that stays, too', async () => {
    const store = await suite.start(working)
    const source = suite.folder.write('app.tpl', 'one')
    const state = join(suite.folder.root, 'state', 'state.json')
    const waiter = startAgent(
      suite.folder.config(store.address, {
        ...template(source),
        claviger: { state_path: state, hibernate: false },
      }),
    )
    await waiter.waitFor(/not hibernating/)
    suite.folder.write('app.tpl', 'two')
    await waiter.waitFor(/configuration reloaded/)
    await waiter.until(() => waiter.lines.filter((line) => line.includes('written')).length === 2)
    expect(suite.folder.files()).toEqual({ app: 'two' })
  })
})
