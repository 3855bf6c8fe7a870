/** What `helm test` runs: whether pods are injected, and whether the store answers. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import { ApiException, type V1Pod } from '@kubernetes/client-node'
import { checkInjection } from '../../../webhook/check/injection.ts'
import { checkStore } from '../../../webhook/check/store.ts'
import { createTestCertificate } from './support/certificates.ts'
import { createManualClock } from './support/clock.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

describe('injection', () => {
  /** An API server that answers in turn. */
  function ask(...answers: readonly (V1Pod | Error)[]) {
    const clock = createManualClock()
    const requests: unknown[] = []
    const api = {
      createNamespacedPod: async (request: unknown) => {
        requests.push(request)
        const answer = answers[Math.min(requests.length, answers.length) - 1] ?? {}
        if (answer instanceof Error) throw answer
        return answer
      },
    }
    const { signal } = new AbortController()
    return { clock, requests, result: checkInjection({ api, namespace: 'n', clock, signal }) }
  }

  const injected: V1Pod = {
    metadata: { annotations: { 'vault.hashicorp.com/agent-inject-status': 'injected' } },
    spec: { containers: [{ name: 'app' }, { name: 'vault-agent' }] },
  }
  const refused = (message: string) => new ApiException(403, 'x', JSON.stringify({ message }), {})

  test('is asked for as a dry run, by a pod that Pod Security restricted takes', async () => {
    const { requests, result } = ask(injected)
    expect(await result).toBeUndefined()
    expect(requests).toMatchObject([
      {
        namespace: 'n',
        dryRun: 'All',
        body: { metadata: { annotations: { 'vault.hashicorp.com/agent-inject': 'true' } } },
      },
    ])
  })

  test.each([
    ['no agent', { ...injected, spec: { containers: [{ name: 'app' }] } }, 'without an agent'],
    ['no mark', { ...injected, metadata: {} }, 'without an agent'],
    ['a denial', refused('policy own-role denies it'), 'policy own-role denies it'],
    ['no words', new ApiException(500, 'x', 'nothing', {}), 'status 500'],
    ['no API server', new Error('ECONNREFUSED'), 'ECONNREFUSED'],
  ])('with %s is told', async (_, answer, problem) => {
    expect(await ask(answer).result).toContain(problem)
  })

  test('waits for the ServiceAccount of a new namespace', async () => {
    const missing = refused(
      'error looking up service account n/default: serviceaccount "default" not found',
    )
    const { clock, requests, result } = ask(missing, missing, injected)
    for (let turn = 0; turn < 2; turn++) {
      await clock.waiting()
      clock.advance(1_000)
      await new Promise(setImmediate)
    }
    expect(await result).toBeUndefined()
    expect(requests).toHaveLength(3)
  })
})

describe('the store', () => {
  const { ca, pair } = createTestCertificate()

  async function serve(server: Server): Promise<number> {
    servers.push(server)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }

  test.each([
    [200, undefined],
    [429, undefined],
    [473, undefined],
    [501, 'not initialised'],
    [503, 'sealed'],
  ])('with status %i is judged', async (status, problem) => {
    const port = await serve(createServer((_, response) => response.writeHead(status).end()))
    const found = await checkStore({ address: `http://127.0.0.1:${port}/`, ca: undefined })
    if (problem === undefined) expect(found).toBeUndefined()
    else expect(found).toContain(problem)
  })

  test('with a private CA needs that CA', async () => {
    const port = await serve(createSecureServer(pair, (_, response) => response.end()))
    const address = `https://127.0.0.1:${port}`
    expect(await checkStore({ address, ca })).toBeUndefined()
    expect(await checkStore({ address, ca: undefined })).toContain('injector.vaultCa')
  })

  test('that is not there is told', async () => {
    const server = createServer()
    const port = await serve(server)
    server.close()
    await once(server, 'close')
    const found = await checkStore({ address: `http://127.0.0.1:${port}`, ca: undefined })
    expect(found).toContain('ECONNREFUSED')
  })
})
