/** The agent's life as a process: its signals, and what it says of itself. */
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { requestsOf, useAgentSuite, working } from '../../support/agent-suite.ts'

const suite = useAgentSuite()

describe('SIGTERM', () => {
  const owning = (changes: object) => ({
    claviger: { state_path: join(suite.folder.root, 'state', 'state.json'), ...changes },
  })

  test('revokes nothing unless it is asked to', async () => {
    const store = await suite.start(working)
    const sidecar = suite.folder.start(suite.folder.config(store.address))
    await sidecar.waitFor(/file written/)
    await sidecar.stop()
    expect(requestsOf(store).filter((path) => path.includes('revoke'))).toEqual([])
  })

  test('revokes the token, and the next process logs in anew', async () => {
    const store = await suite.start(working)
    const config = suite.folder.config(store.address, owning({ revoke_on_shutdown: true }))
    const sidecar = suite.folder.start(config)
    await sidecar.waitFor(/file written/)
    await sidecar.stop()
    expect(await sidecar.exited).toBe(0)
    expect(requestsOf(store).at(-1)).toBe('PUT auth/token/revoke-self')
    expect(store.requests.at(-1)?.token).toBe('hvs.scripted')
    const next = suite.folder.start(config)
    await next.waitFor(/logged in/)
  })

  test('revokes the tokens of other Vaults too, as far as the agent logged in for them', async () => {
    const [own, other, third] = await Promise.all([1, 2, 3].map(() => suite.start(working)))
    const tokenPath = suite.folder.write('jwt', 'a.b.c')
    const type = { type: 'vault', auth: 'jwt', role: 'app', token_path: tokenPath }
    const stores = {
      other: { ...type, address: other?.address },
      fixed: { type: 'vault', auth: 'token', token_path: tokenPath, address: third?.address },
      idle: { ...type, address: third?.address },
    }
    const contents = '{{ secret "other:secret/data/a" }}{{ secret "fixed:secret/data/a" }}'
    const config = suite.folder.config(own?.address ?? '', {
      ...owning({ revoke_on_shutdown: true, stores }),
      template: [{ destination: join(suite.folder.secrets, 'a'), contents }],
    })
    const sidecar = suite.folder.start(config)
    await sidecar.waitFor(/file written/)
    await sidecar.stop()
    expect(await sidecar.exited).toBe(0)
    for (const store of [own, other]) {
      expect(store && requestsOf(store).at(-1)).toBe('PUT auth/token/revoke-self')
    }
    expect(other?.requests.at(-1)?.token).toBe('hvs.scripted')
    expect(third && requestsOf(third)).toEqual(['GET secret/data/a'])
    const next = suite.folder.start({ ...config, exit_after_auth: true })
    expect(await next.exited).toBe(0)
    const logins = other ? requestsOf(other).filter((path) => path.endsWith('/login')) : []
    expect(logins).toHaveLength(2)
  })

  test('ends the agent in time although the store does not answer the revocation', async () => {
    const store = await suite.start((request, count) =>
      request.path.endsWith('revoke-self') ? 'hang' : working(request, count),
    )
    const sidecar = suite.folder.start(
      suite.folder.config(store.address, owning({ revoke_on_shutdown: true })),
    )
    await sidecar.waitFor(/file written/)
    await sidecar.stop()
    expect(await sidecar.exited).toBe(0)
    expect(sidecar.lines.join('\n')).toContain('token not revoked in time')
  })

  test('is followed by the grace, in which secrets are kept fresh', async () => {
    const store = await suite.start(working)
    const config = suite.folder.config(store.address, {
      ...owning({ revoke_on_shutdown: true, revoke_grace: '1500ms' }),
      template_config: { static_secret_render_interval: '1s' },
    })
    const sidecar = suite.folder.start(config)
    await sidecar.waitFor(/file written/)
    const before = store.requests.length
    await sidecar.stop()
    expect(await sidecar.exited).toBe(0)
    const after = requestsOf(store).slice(before)
    expect(after[0]).toBe('GET secret/data/app')
    expect(after.at(-1)).toBe('PUT auth/token/revoke-self')
  })
})

describe('SIGHUP', () => {
  test('takes a new template without a login, and keeps the old configuration where the new one is broken', async () => {
    const store = await suite.start(working)
    const config = suite.folder.config(store.address)
    const path = suite.folder.write('agent.json', JSON.stringify(config))
    const agent = suite.folder.run(['agent', `-config=${path}`])
    await agent.waitFor(/file written/)
    const contents = '{{ with secret "secret/data/app" }}{{ .Data.data.password }}{{ end }}!'
    const template = [{ destination: join(suite.folder.secrets, 'new'), contents }]
    suite.folder.write('agent.json', JSON.stringify({ ...config, template }))
    const seen = agent.lines.length
    process.kill(agent.pid ?? 0, 'SIGHUP')
    await agent.waitFor(/file written path=.*new/, seen)
    suite.folder.write('agent.json', '{ broken')
    process.kill(agent.pid ?? 0, 'SIGHUP')
    await agent.waitFor(/configuration refused, the old one stays/)
    suite.folder.write(
      'agent.json',
      JSON.stringify({ ...config, template: [{ ...template[0], contents: '{{' }] }),
    )
    process.kill(agent.pid ?? 0, 'SIGHUP')
    await agent.waitFor(/configuration not reloaded, the old one stays/)
    expect(suite.folder.files()['new']).toBe('hunter2!')
    expect(requestsOf(store).filter((request) => request.includes('login'))).toHaveLength(1)
  })

  test('takes another log level', async () => {
    const store = await suite.start(working)
    const config = suite.folder.config(store.address)
    const path = suite.folder.write('agent.json', JSON.stringify({ ...config, log_level: 'error' }))
    const agent = suite.folder.run(['agent', `-config=${path}`])
    suite.folder.write('agent.json', JSON.stringify({ ...config, log_level: 'info', pid_file: '' }))
    while (store.requests.length === 0) await new Promise(setImmediate)
    process.kill(agent.pid ?? 0, 'SIGHUP')
    await agent.waitFor(/configuration reloaded/)
  })
})

test('SIGUSR1 does not open the inspector', async () => {
  const store = await suite.start(working)
  const agent = suite.folder.start(suite.folder.config(store.address))
  await agent.waitFor(/file written/)
  process.kill(agent.pid ?? 0, 'SIGUSR1')
  await agent.waitFor(/SIGUSR1 means nothing/)
  expect(agent.lines.join('\n')).not.toContain('Debugger listening')
})

describe('status', () => {
  test('says what the agent knows, without a request', async () => {
    const store = await suite.start(working)
    const config = suite.folder.config(store.address)
    const path = suite.folder.write('agent.json', JSON.stringify(config))
    const early = suite.folder.run(['status', `-config=${path}`])
    expect(await early.exited).toBe(1)
    const agent = suite.folder.run(['agent', `-config=${path}`, '-exit-after-auth'])
    expect(await agent.exited).toBe(0)
    const asked = store.requests.length
    const status = suite.folder.run(['status', `-config=${path}`])
    expect(await status.exited).toBe(0)
    const text = status.lines.join('\n')
    expect(text).toMatch(/ready +yes/)
    expect(text).toMatch(/secret\/data\/app +read +\d+s +in \dm\d*s? +never +-/)
    expect(text).toContain(`${join(suite.folder.secrets, 'app')}  rendered  -`)
    expect(text).not.toContain('hunter2')
    const json = suite.folder.run(['status', '-json', `-config=${path}`])
    await json.exited
    expect(JSON.parse(json.lines.join('\n'))).toMatchObject({
      ready: true,
      secrets: [{ path: 'secret/data/app', failure: null }],
    })
    expect(store.requests).toHaveLength(asked)
  })

  test('of an agent without a state says so', async () => {
    const store = await suite.start(working)
    const config = suite.folder.config(store.address, { claviger: {} })
    const status = suite.folder.run(['status'], {
      VAULT_CONFIG: Buffer.from(JSON.stringify(config)).toString('base64'),
    })
    expect(await status.exited).toBe(2)
    expect(status.lines.join('\n')).toContain('claviger.state_path is not configured')
  })
})

test('token revoke -self revokes the token of the home directory', async () => {
  const store = await suite.start(working)
  suite.folder.write('.vault-token', 'hvs.home\n')
  const revoke = suite.folder.run(['token', 'revoke', `-address=${store.address}`, '-self'])
  expect(await revoke.exited).toBe(0)
  expect(requestsOf(store)).toEqual(['PUT auth/token/revoke-self'])
  expect(store.requests[0]?.token).toBe('hvs.home')
})
