import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { jwt } from '../../support/agent-process.ts'
import { requestsOf, useAgentSuite, working } from '../../support/agent-suite.ts'
import { kvBody, loginAnswer, startScriptedVault } from '../../support/scripted-vault.ts'

const suite = useAgentSuite()

describe('an init container and its sidecar', () => {
  test('log in once and make two requests together', async () => {
    const store = await suite.start(working)
    const often = { template_config: { static_secret_render_interval: '1s' } }
    const init = suite.folder.start(
      suite.folder.config(store.address, { ...often, exit_after_auth: true }),
    )
    expect(await init.exited).toBe(0)
    expect(suite.folder.files()).toEqual({ app: 'password=hunter2' })
    const sidecar = suite.folder.start(suite.folder.config(store.address, often))
    await sidecar.waitFor(/secret read/)
    expect(requestsOf(store)).toEqual([
      'PUT auth/kubernetes/login',
      'GET secret/data/app',
      'GET secret/data/app',
    ])
    expect(JSON.parse(store.requests[0]?.body ?? '')).toEqual({ role: 'app', jwt })
    expect(store.requests[1]?.token).toBe('hvs.scripted')
  })

  test('write a file only when its bytes change', async () => {
    let password = 'first'
    const store = await suite.start(({ path }) =>
      path.startsWith('auth/') ? loginAnswer : kvBody({ password }),
    )
    const sidecar = suite.folder.start(
      suite.folder.config(store.address, {
        template_config: { static_secret_render_interval: '1s' },
      }),
    )
    await sidecar.waitFor(/file written/)
    const seen = sidecar.lines.length
    await sidecar.waitFor(/secret read/, seen)
    password = 'second'
    await sidecar.waitFor(/file written/, seen)
    const written = sidecar.lines.filter((line) => line.includes('file written'))
    expect(written).toHaveLength(2)
    expect(suite.folder.files()).toEqual({ app: 'password=second' })
  })

  test('a folder that somebody removed is made again, with its file', async () => {
    const store = await suite.start(working)
    const often = { template_config: { static_secret_render_interval: '1s' } }
    const sidecar = suite.folder.start(suite.folder.config(store.address, often))
    await sidecar.waitFor(/file written/)
    const seen = sidecar.lines.length
    rmSync(suite.folder.secrets, { recursive: true })
    await sidecar.waitFor(/file written/, seen)
    expect(suite.folder.files()).toEqual({ app: 'password=hunter2' })
  })

  test('SIGTERM ends the sidecar with 0 and leaves the files', async () => {
    const store = await suite.start(working)
    const sidecar = suite.folder.start(suite.folder.config(store.address))
    await sidecar.waitFor(/file written/)
    await sidecar.stop()
    expect(await sidecar.exited).toBe(0)
    expect(suite.folder.files()).toEqual({ app: 'password=hunter2' })
  })
})

describe('other ways to say what becomes a file', () => {
  test('work where no code may be made of texts, each with one read', async () => {
    const store = await suite.start(({ path }) => {
      if (path.startsWith('auth/')) return loginAnswer
      return path.endsWith('maybe') ? { status: 404 } : kvBody({ password: "hunt'er2" })
    })
    const own = (name: string, template: object) => ({
      destination: join(suite.folder.secrets, name),
      ...template,
    })
    const config = suite.folder.config(store.address, {
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
    const agent = suite.folder.start(config, {}, ['--disallow-code-generation-from-strings'])
    expect(await agent.exited).toBe(0)
    expect(suite.folder.files()).toEqual({
      bars: "hunt'er2",
      env: "export password='hunt'\\''er2'\n",
    })
    expect(requestsOf(store).filter((path) => path.endsWith('/app'))).toHaveLength(1)
    expect(agent.lines.join('\n')).toContain('optional secret does not exist')
  })

  test('an init container ends at its deadline, naming what is missing', async () => {
    const store = await suite.start(({ path }) =>
      path.startsWith('auth/') ? loginAnswer : { status: 403 },
    )
    const agent = suite.folder.start(
      suite.folder.config(store.address, {
        exit_after_auth: true,
        template_config: {},
        claviger: { init_deadline: '1s' },
      }),
    )
    expect(await agent.exited).toBe(1)
    expect(agent.lines.join('\n')).toMatch(
      /code=deadline_exceeded.*secret\/data\/app: store_refused/,
    )
  })
})

describe('a store in trouble', () => {
  test('that is down at the start is waited for, and says so', async () => {
    const { port, close } = await startScriptedVault(working)
    await close()
    const init = suite.folder.start(
      suite.folder.config(`http://127.0.0.1:${port}`, { exit_after_auth: true }),
    )
    const line = await init.waitFor(/store_unreachable/)
    expect(line).toMatch(/what=login retry_in_s=[\d.]+ .*cause=ECONNREFUSED/)
    expect(suite.folder.files()).toEqual({})
    await suite.start(working, port)
    expect(await init.exited).toBe(0)
    expect(suite.folder.files()).toEqual({ app: 'password=hunter2' })
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
    const store = await suite.start((request, count) => {
      if (request.path.startsWith('auth/')) return loginAnswer
      left -= 1
      return left >= 0 ? trouble : working(request, count)
    })
    const init = suite.folder.start(suite.folder.config(store.address, { exit_after_auth: true }))
    await init.waitFor(new RegExp(`what=read .*code=${code}`))
    expect(suite.folder.files()).toEqual({})
    expect(await init.exited).toBe(0)
    expect(suite.folder.files()).toEqual({ app: 'password=hunter2' })
    expect(requestsOf(store).filter((path) => path.includes('login'))).toHaveLength(1)
    expect(init.lines.join('\n')).not.toContain('hunter2')
  })

  test('a role that does not exist is named with path, status and hint, and the JWT is not', async () => {
    const store = await suite.start(() => ({
      status: 400,
      body: { errors: ['invalid role name "app"', jwt] },
    }))
    const init = suite.folder.start(suite.folder.config(store.address, { exit_after_auth: true }))
    const line = await init.waitFor(/login_refused/)
    expect(line).toContain('role=app')
    expect(line).toContain('path=auth/kubernetes/login')
    expect(line).toContain('status=400')
    expect(line).toContain('hint="the role may not exist')
    expect(init.lines.join('\n')).not.toContain(jwt)
    expect(suite.folder.files()).toEqual({})
  })

  test('a token that was revoked is replaced by a new login', async () => {
    let revoked = false
    let logins = 0
    const store = await suite.start((request, count) => {
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
    const init = suite.folder.start(suite.folder.config(store.address, { exit_after_auth: true }))
    expect(await init.exited).toBe(0)
    expect(logins).toBe(2)
  })

  test('gives up with the code of the error once the retries are used up', async () => {
    const store = await suite.start(({ path }) =>
      path.startsWith('auth/') ? loginAnswer : { status: 404 },
    )
    const vault = { address: store.address, retry: { num_retries: 1 } }
    const init = suite.folder.start(
      suite.folder.config(store.address, { exit_after_auth: true, vault }),
    )
    expect(await init.exited).toBe(1)
    expect(init.lines.join('\n')).toMatch(/giving up code=secret_missing .*path=secret\/data\/app/)
  })
})

describe('bad input', () => {
  test('every problem of the configuration is named', async () => {
    const agent = suite.folder.start({ vault: { address: 'nowhere' }, template: [{ perms: 'rw' }] })
    expect(await agent.exited).toBe(1)
    const text = agent.lines.join('\n')
    for (const path of [
      'vault.address',
      'auto_auth',
      'template[0].contents',
      'template[0].perms',
    ]) {
      expect(text).toContain(`${path}: expected`)
    }
  })

  test('an unknown function is named with line and column', async () => {
    const template = [
      { destination: join(suite.folder.secrets, 'a'), contents: 'x\n{{ secrte "a" }}' },
    ]
    const agent = suite.folder.start(suite.folder.config('http://127.0.0.1:1', { template }))
    expect(await agent.exited).toBe(1)
    expect(agent.lines.join('\n')).toMatch(
      /template refused code=template_invalid .*line=2 column=\d+ .*secrte/,
    )
  })

  test('a configuration that is not base64 JSON', async () => {
    const agent = suite.folder.start({}, { VAULT_CONFIG: 'not json' })
    expect(await agent.exited).toBe(1)
  })

  test('a state of another version is discarded with a warning and costs one login', async () => {
    const store = await suite.start(working)
    const state = join(suite.folder.root, 'state.json')
    writeFileSync(state, '{"version":"0"}')
    const claviger = { state_path: state }
    const init = suite.folder.start(
      suite.folder.config(store.address, { exit_after_auth: true, claviger }),
    )
    expect(await init.exited).toBe(0)
    expect(init.lines[0]).toContain('state of another version discarded')
  })
})
