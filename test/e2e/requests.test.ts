/** How many requests a pod costs Vault, counted in Vault's audit log, beside Vault Agent's. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { until } from './polling.ts'
import { type AuditEntry, requestsOf, requestsThrough } from './support/audit-log.ts'
import { AgentsFolder, type Contender, type Login, ours, stock } from './support/local-agent.ts'
import { openMachine, writeSecret } from './support/machine.ts'
import { annotatedPod, prepareNamespace, readPod, readyPod } from './support/pods.ts'

const machine = openMachine()
const secret = 'secret/data/app/requests'
const contents = `{{ with secret "${secret}" }}{{ .Data.data.key }}{{ end }}`
const folder = new AgentsFolder('requests')

beforeAll(async () => {
  await writeSecret(machine, 'requests', ['key'])
})

afterAll(async () => {
  await folder.remove()
})

/** Logins, reads, preflights and renewals; health checks are not audited. */
const pathsOf = (entries: readonly AuditEntry[]) => entries.map(({ request }) => request.path)

describe('the start of a pod with one secret', () => {
  test('takes two requests, for init container and sidecar together', async () => {
    await prepareNamespace(machine)
    const manifest = await annotatedPod(machine, 'requests', {
      'vault.hashicorp.com/agent-inject': 'true',
      'vault.hashicorp.com/role': 'app',
      'vault.hashicorp.com/agent-inject-secret-key': secret,
      'vault.hashicorp.com/agent-inject-template-key': contents,
    })
    await machine.kubectl.run(['create', '--filename', '-'], manifest)
    const pod = await readyPod('requests', () => readPod(machine, 'requests'))
    const requests = pathsOf(requestsOf(machine, pod))
    console.log(`claviger: ${requests.length} requests for a pod: ${requests.join(', ')}`)
    expect(requests).toEqual(['auth/kubernetes/login', secret])
  })

  test('takes Vault Agent eight', async () => {
    const login = await openLogin()
    const init = folder.start(stock, 'init', config(login, 'init', { exit_after_auth: true }))
    expect(await init.exited).toBe(0)
    const sidecar = folder.start(stock, 'sidecar', config(login, 'sidecar', {}))
    // Its login, its renewal of it, the preflight and the read, as those of the first.
    await until({
      what: 'the second agent to be at rest',
      probe: async () => requestsThrough(machine, login.mount).length >= 8 || undefined,
    })
    await sidecar.stop()
    const requests = pathsOf(requestsThrough(machine, login.mount))
    console.log(`Vault Agent: ${requests.length} requests for a pod: ${requests.join(', ')}`)
    expect(requests).toHaveLength(8)
  })
})

describe('an agent at rest', () => {
  /** The default interval is 5 minutes; what happens in one of 2 seconds happens as often in one of those. */
  const interval = 2
  const usualInterval = 300
  const reads = 10
  const hourly = new Map<string, number>()

  beforeAll(async () => {
    await Promise.all(
      [ours, stock].map(async (contender) => {
        hourly.set(contender.name, await countPerHour(contender))
      }),
    )
  })

  test('asks no more often than Vault Agent', () => {
    const [own = Number.NaN, reference = Number.NaN] = [ours, stock].map(({ name }) =>
      hourly.get(name),
    )
    console.log(
      `requests an hour at rest: claviger ${own.toFixed(1)}, Vault Agent ${reference.toFixed(1)}`,
    )
    // Both wait for 85 to 95 % of the interval, by chance.
    expect(own).toBeLessThanOrEqual(reference * 1.15)
    expect(own).toBeLessThanOrEqual(3600 / (usualInterval * 0.85))
  })

  /** Requests from one read to the tenth after it, in intervals as long as the usual one. */
  async function countPerHour(contender: Contender): Promise<number> {
    const login = await openLogin()
    const agent = folder.start(contender, `rest-${login.mount}`, {
      ...config(login, login.mount, {}),
      template_config: { static_secret_render_interval: `${interval}s` },
    })
    const window = await until({
      what: `${reads} more reads of ${contender.name}`,
      probe: async () => {
        const entries = requestsThrough(machine, login.mount)
        const at = entries.flatMap(({ request }, index) => (request.path === secret ? [index] : []))
        const [first, last] = [at[1], at[1 + reads]]
        if (first === undefined || last === undefined) return undefined
        return entries.slice(first, last + 1)
      },
    })
    await agent.stop()
    const intervals = (timeOf(window.at(-1)) - timeOf(window[0])) / interval
    return ((window.length - 1) / intervals) * (3600 / usualInterval)
  }
})

function openLogin(): Promise<Login> {
  return folder.logIn(machine, { [secret]: ['read'] }, { token_ttl: '1h' })
}

function config({ method }: Login, name: string, fields: object): object {
  const destination = join(folder.root, `${name}.txt`)
  return { auto_auth: { method }, template: [{ destination, contents }], ...fields }
}

/** Seconds since the epoch. */
function timeOf(entry: AuditEntry | undefined): number {
  return Date.parse(entry?.time ?? '') / 1000
}
