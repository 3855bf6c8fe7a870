/** The sockets and the end of the built agent under a waiter that follows the model. */
import { once } from 'node:events'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { askAt } from '../../support/agent-listener.ts'
import { requestsOf, working } from '../../support/agent-suite.ts'
import { loginAnswer } from '../../support/scripted-vault.ts'
import { useWaiterSuite } from '../../support/waiter/waiter-suite.ts'

const suite = useWaiterSuite()
const { startAgent } = suite

const login = 'PUT auth/kubernetes/login'
const read = 'GET secret/data/app'

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const bound = server.address()
  server.close()
  return typeof bound === 'object' ? (bound?.port ?? 0) : 0
}

describe('a listener', () => {
  test('is held by the waiter, and whoever connects is served', async () => {
    const store = await suite.start(working)
    const port = await freePort()
    const socket = join(suite.folder.root, 'agent.sock')
    // As an earlier process leaves one.
    const left = createServer().listen(socket)
    await once(left, 'listening')
    const waiter = startAgent(
      suite.folder.config(store.address, {
        listener: [
          { type: 'tcp', address: `localhost:${port}`, tls_disable: true },
          { type: 'unix', address: socket, tls_disable: true, socket_mode: '600' },
        ],
        api_proxy: { use_auto_auth_token: true },
      }),
    )
    const word = await waiter.rest()
    expect(word.sockets).toEqual([
      expect.stringMatching(new RegExp(`^tcp (?:127\\.0\\.0\\.1|::1) ${port}$`)),
      `unix ${socket}`,
    ])
    expect(waiter.causes).toEqual(['start', 'due'])
    expect(requestsOf(store)).toEqual([login, read])
    const [, host = '', at = ''] = word.sockets[0]?.split(' ') ?? []
    for (const address of [host === '::1' ? '' : `${host}:${at}`, socket]) {
      if (address === '') continue
      const asked = askAt(address, '/v1/secret/data/other')
      waiter.fire({ kind: 'connection' })
      expect((await asked).status).toBe(200)
    }
    expect(store.requests.at(-1)?.token).toBe('hvs.scripted')
    expect(requestsOf(store).filter((request) => request === login)).toHaveLength(1)
    expect(statSync(socket).mode & 0o777).toBe(0o600)
    await waiter.waitFor(/not hibernating reason="its listener is in use"/)
    left.close()
  })

  test('with port 0 keeps the port that it was given', async () => {
    const store = await suite.start(working)
    const waiter = startAgent(
      suite.folder.config(store.address, {
        listener: [{ type: 'tcp', address: '127.0.0.1:0', tls_disable: true }],
      }),
    )
    const first = await waiter.rest()
    waiter.fire({ kind: 'time' })
    expect((await waiter.rest()).sockets).toEqual(first.sockets)
    expect(first.sockets[0]).toMatch(/^tcp 127\.0\.0\.1 [1-9]\d*$/)
  })
})

describe('the end', () => {
  test('starts the agent a last time where its token is to be revoked', async () => {
    const store = await suite.start(working)
    const state = join(suite.folder.root, 'state', 'state.json')
    const pidFile = join(suite.folder.root, 'pid')
    const config = suite.folder.config(store.address, {
      claviger: { state_path: state, revoke_on_shutdown: true },
      pid_file: pidFile,
    })
    const waiter = startAgent(config)
    expect((await waiter.rest()).endMs).toBeGreaterThan(2000)
    expect(readFileSync(pidFile, 'utf8')).toBe(`${process.pid}\n`)
    waiter.signal('SIGTERM')
    expect(await waiter.ended()).toBe(0)
    expect(waiter.causes).toEqual(['start', 'end'])
    expect(requestsOf(store)).toEqual([login, read, 'PUT auth/token/revoke-self'])
    expect(existsSync(pidFile)).toBe(false)
  })

  test('of a process by a signal is told, and tried again', async () => {
    const store = await suite.start(({ path }) => (path.startsWith('auth/') ? loginAnswer : 'hang'))
    const waiter = startAgent(suite.folder.config(store.address))
    await waiter.waitFor(/not hibernating/)
    process.kill(waiter.pid ?? 0, 'SIGKILL')
    await waiter.waitFor(/a signal ended the process, it is tried again signal=9/)
    expect(waiter.causes).toEqual(['start', 'crash'])
    await waiter.until(() => requestsOf(store).filter((request) => request === read).length > 1)
    expect(requestsOf(store).filter((request) => request === login)).toHaveLength(1)
  })
})
