import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { AgentFolder, jwt } from '../../support/agent-process.ts'
import {
  kvBody,
  loginAnswer,
  type Script,
  type ScriptedVault,
  startScriptedVault,
} from '../../support/scripted-vault.ts'

let folder: AgentFolder
const stores: ScriptedVault[] = []
beforeEach(() => {
  folder = new AgentFolder()
})
afterEach(async () => {
  await folder.remove()
  await Promise.all(stores.splice(0).map((store) => store.close()))
})

async function start(script: Script, port = 0): Promise<ScriptedVault> {
  const store = await startScriptedVault(script, port)
  stores.push(store)
  return store
}

const working: Script = ({ path }) =>
  path.startsWith('auth/') ? loginAnswer : kvBody({ password: 'hunter2' })
const paths = ({ requests }: ScriptedVault) =>
  requests.map(({ method, path }) => `${method} ${path}`)

describe('an init container and its sidecar', () => {
  test('log in once and make two requests together', async () => {
    const store = await start(working)
    const often = { template_config: { static_secret_render_interval: '1s' } }
    const init = folder.start(folder.config(store.address, { ...often, exit_after_auth: true }))
    expect(await init.exited).toBe(0)
    expect(folder.files()).toEqual({ app: 'password=hunter2' })
    const sidecar = folder.start(folder.config(store.address, often))
    await sidecar.waitFor(/secret read/)
    expect(paths(store)).toEqual([
      'PUT auth/kubernetes/login',
      'GET secret/data/app',
      'GET secret/data/app',
    ])
    expect(JSON.parse(store.requests[0]?.body ?? '')).toEqual({ role: 'app', jwt })
    expect(store.requests[1]?.token).toBe('hvs.scripted')
  })

  test('write a file only when its bytes change', async () => {
    let password = 'first'
    const store = await start(({ path }) =>
      path.startsWith('auth/') ? loginAnswer : kvBody({ password }),
    )
    const sidecar = folder.start(
      folder.config(store.address, { template_config: { static_secret_render_interval: '1s' } }),
    )
    await sidecar.waitFor(/file written/)
    const seen = sidecar.lines.length
    await sidecar.waitFor(/secret read/, seen)
    password = 'second'
    await sidecar.waitFor(/file written/, seen)
    const written = sidecar.lines.filter((line) => line.includes('file written'))
    expect(written).toHaveLength(2)
    expect(folder.files()).toEqual({ app: 'password=second' })
  })

  test('SIGTERM ends the sidecar with 0 and leaves the files', async () => {
    const store = await start(working)
    const sidecar = folder.start(folder.config(store.address))
    await sidecar.waitFor(/file written/)
    await sidecar.stop()
    expect(await sidecar.exited).toBe(0)
    expect(folder.files()).toEqual({ app: 'password=hunter2' })
  })
})

describe('other ways to say what becomes a file', () => {
  test('work where no code may be made of texts, each with one read', async () => {
    const store = await start(({ path }) => {
      if (path.startsWith('auth/')) return loginAnswer
      return path.endsWith('maybe') ? { status: 404 } : kvBody({ password: "hunt'er2" })
    })
    const own = (name: string, template: object) => ({
      destination: join(folder.secrets, name),
      ...template,
    })
    const config = folder.config(store.address, {
      exit_after_auth: true,
      template: [
        own('bars', {
          engine: 'handlebars',
          contents: '{{#secret "secret/data/app" as |s|}}{{s.data.password}}{{/secret}}',
        }),
        own('env', { format: 'env', secret: 'secret/data/app' }),
        own('maybe', { format: 'json', secret: 'secret/data/maybe', optional: true }),
      ],
    })
    const agent = folder.start(config, {}, ['--disallow-code-generation-from-strings'])
    expect(await agent.exited).toBe(0)
    expect(folder.files()).toEqual({
      bars: "hunt'er2",
      env: "export password='hunt'\\''er2'\n",
    })
    expect(paths(store).filter((path) => path.endsWith('/app'))).toHaveLength(1)
    expect(agent.lines.join('\n')).toContain('optional secret does not exist')
  })

  test('an init container ends at its deadline, naming what is missing', async () => {
    const store = await start(({ path }) =>
      path.startsWith('auth/') ? loginAnswer : { status: 403 },
    )
    const agent = folder.start(
      folder.config(store.address, {
        exit_after_auth: true,
        template_config: {},
        claviger: { init_deadline: '1s' },
      }),
    )
    expect(await agent.exited).toBe(75)
    expect(agent.lines.join('\n')).toMatch(
      /code=deadline_exceeded.*secret\/data\/app: store_refused/,
    )
  })
})

describe('a store in trouble', () => {
  test('that is down at the start is waited for, and says so', async () => {
    const { port, close } = await startScriptedVault(working)
    await close()
    const init = folder.start(folder.config(`http://127.0.0.1:${port}`, { exit_after_auth: true }))
    const line = await init.waitFor(/store_unreachable/)
    expect(line).toMatch(/what=login retry_in_s=[\d.]+ .*cause=ECONNREFUSED/)
    expect(folder.files()).toEqual({})
    await start(working, port)
    expect(await init.exited).toBe(0)
    expect(folder.files()).toEqual({ app: 'password=hunter2' })
  })

  test.each([
    ['sealed', { status: 503, body: { errors: ['Vault is sealed'] } }, 'store_busy'],
    ['cut off in the middle', 'cut', 'store_unreachable'],
    ['a proxy that answers HTML', { status: 200, body: '<html>hunter2' }, 'store_answer_invalid'],
    ['a secret that is not there yet', { status: 404 }, 'secret_missing'],
    [
      'a policy that is not there yet',
      { status: 403, body: { errors: ['permission denied'] } },
      'store_refused',
    ],
  ] as const)('%s leaves nothing partial and is retried', async (_, trouble, code) => {
    let left = 2
    const store = await start((request, count) => {
      if (request.path.startsWith('auth/')) return loginAnswer
      left -= 1
      return left >= 0 ? trouble : working(request, count)
    })
    const init = folder.start(folder.config(store.address, { exit_after_auth: true }))
    await init.waitFor(new RegExp(`what=read .*code=${code}`))
    expect(folder.files()).toEqual({})
    expect(await init.exited).toBe(0)
    expect(folder.files()).toEqual({ app: 'password=hunter2' })
    expect(paths(store).filter((path) => path.includes('login'))).toHaveLength(1)
    expect(init.lines.join('\n')).not.toContain('hunter2')
  })

  test('a role that does not exist is named with path, status and hint, and the JWT is not', async () => {
    const store = await start(() => ({
      status: 400,
      body: { errors: ['invalid role name "app"', jwt] },
    }))
    const init = folder.start(folder.config(store.address, { exit_after_auth: true }))
    const line = await init.waitFor(/login_refused/)
    expect(line).toContain('role=app')
    expect(line).toContain('path=auth/kubernetes/login')
    expect(line).toContain('status=400')
    expect(line).toContain('hint="the role may not exist')
    expect(init.lines.join('\n')).not.toContain(jwt)
    expect(folder.files()).toEqual({})
  })

  test('a token that was revoked is replaced by a new login', async () => {
    let revoked = false
    let logins = 0
    const store = await start((request, count) => {
      if (request.path.startsWith('auth/')) {
        logins += 1
        revoked = logins < 2
        return loginAnswer
      }
      const dead = {
        status: 403,
        body: { errors: ['2 errors occurred: permission denied, invalid token'] },
      }
      return revoked ? dead : working(request, count)
    })
    const init = folder.start(folder.config(store.address, { exit_after_auth: true }))
    expect(await init.exited).toBe(0)
    expect(logins).toBe(2)
  })

  test('gives up with the code of the error once the retries are used up', async () => {
    const store = await start(({ path }) =>
      path.startsWith('auth/') ? loginAnswer : { status: 404 },
    )
    const vault = { address: store.address, retry: { num_retries: 1 } }
    const init = folder.start(folder.config(store.address, { exit_after_auth: true, vault }))
    expect(await init.exited).toBe(66)
    expect(init.lines.join('\n')).toMatch(/giving up code=secret_missing .*path=secret\/data\/app/)
  })
})

describe('bad input', () => {
  test('every problem of the configuration is named, exit 78', async () => {
    const agent = folder.start({ vault: { address: 'nowhere' }, template: [{ perms: 'rw' }] })
    expect(await agent.exited).toBe(78)
    const text = agent.lines.join('\n')
    for (const path of [
      'vault.address',
      'auto_auth',
      'template[0].contents',
      'template[0].perms',
    ]) {
      expect(text).toContain(`problem="${path}: expected`)
    }
  })

  test('an unknown function is named with line and column, exit 65', async () => {
    const template = [{ destination: join(folder.secrets, 'a'), contents: 'x\n{{ secrte "a" }}' }]
    const agent = folder.start(folder.config('http://127.0.0.1:1', { template }))
    expect(await agent.exited).toBe(65)
    expect(agent.lines.join('\n')).toMatch(
      /template refused code=template_invalid .*line=2 column=\d+ .*secrte/,
    )
  })

  test('a configuration that is not base64 JSON, exit 78', async () => {
    const agent = folder.start({}, { VAULT_CONFIG: 'not json' })
    expect(await agent.exited).toBe(78)
  })

  test('a state of another version is discarded with a warning and costs one login', async () => {
    const store = await start(working)
    const state = join(folder.root, 'state.json')
    writeFileSync(state, '{"version":"0"}')
    const claviger = { state_path: state }
    const init = folder.start(folder.config(store.address, { exit_after_auth: true, claviger }))
    expect(await init.exited).toBe(0)
    expect(init.lines[0]).toContain('state of another version discarded')
  })
})
