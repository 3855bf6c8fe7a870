/** Users of a PostgreSQL, made by Vault for an agent: there is one that can log in, at every moment. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { until } from '../polling.ts'
import { askPostgresql, logInToPostgresql } from '../postgresql/server.ts'
import { requestsThrough } from '../support/audit-log.ts'
import { AgentsFolder, type Login, ours } from '../support/local-agent.ts'
import { openMachine } from '../support/machine.ts'
import { database } from '../vault/setup.ts'

const machine = openMachine()

/** Leases end after 24 s, however often they are renewed: some pass within this time. */
const watchedMs = 60_000
const pauseMs = 100

const statements = [
  `CREATE ROLE "{{name}}" WITH LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}'`,
]

interface Watched {
  readonly login: Login
  readonly users: readonly string[]
  /** Of logins. */
  readonly refusals: readonly string[]
  /** The users that the command was told of. */
  readonly told: readonly string[]
}

const cases = [
  ['a token that outlives them', { token_ttl: '1h' }, { fewest: 3, most: 6 }],
  [
    'tokens that end before they do',
    { token_ttl: '10s', token_max_ttl: '20s' },
    { fewest: 3, most: 9 },
  ],
] as const

describe('users of 8 seconds, at most 24,', () => {
  const folder = new AgentsFolder('database')
  const watched = new Map<string, Watched>()

  beforeAll(async () => {
    await makeRole({ default_ttl: '8s', max_ttl: '24s' })
    await Promise.all(
      cases.map(async ([name, token]) => {
        watched.set(name, await watchAgent(token))
      }),
    )
  }, watchedMs * 3)

  afterAll(async () => {
    await folder.remove()
  })

  describe.each(cases)('under %s', (name, _, count) => {
    const seen = (): Watched => {
      const found = watched.get(name)
      if (found === undefined) throw new Error(`users under ${name} were not watched`)
      return found
    }

    test('can log in at every moment', () => {
      expect(seen().refusals).toEqual([])
    })

    test('change as often as their leases demand, and no more often', () => {
      const { login, users } = seen()
      expect(users.length).toBeGreaterThanOrEqual(count.fewest)
      expect(users.length).toBeLessThanOrEqual(count.most)
      const made = requestsThrough(machine, login.mount).filter(
        ({ request }) => request.path === 'database/creds/app',
      )
      expect(made.length - users.length).toBeLessThanOrEqual(1)
    })

    test('have their leases renewed', () => {
      const paths = requestsThrough(machine, seen().login.mount).map(({ request }) => request.path)
      expect(paths).toContain('sys/leases/renew')
    })

    test('are told of by one run of the command each', () => {
      const { told, users } = seen()
      expect(told.slice(0, users.length)).toEqual(users)
      expect(new Set(told).size).toBe(told.length)
    })
  })

  async function watchAgent(token: Readonly<Record<string, string>>): Promise<Watched> {
    const login = await folder.logIn(machine, rules, token)
    const credentials = join(folder.root, `${login.mount}.credentials`)
    const marker = join(folder.root, `${login.mount}.rotated`)
    folder.start(ours, login.mount, configuration(login, credentials, marker))
    await until({ what: 'the first user', probe: async () => existsSync(credentials) || undefined })
    const logins = await watchLogins(credentials)
    return { login, ...logins, told: readFileSync(marker, 'utf8').trimEnd().split('\n') }
  }
})

test('a user whose lease has an hour to live is gone once the agent has ended', async () => {
  const folder = new AgentsFolder('database')
  const credentials = join(folder.root, 'credentials')
  await makeRole({ default_ttl: '1h', max_ttl: '2h' })
  const login = await folder.logIn(machine, rules, { token_ttl: '1h' })
  const agent = folder.start(ours, 'agent', configuration(login, credentials))
  await until({ what: 'the user', probe: async () => existsSync(credentials) || undefined })
  const [user = ''] = readFileSync(credentials, 'utf8').split('\n')
  const find = () => askPostgresql(`SELECT rolname FROM pg_roles WHERE rolname = '${user}'`)
  expect((await find()).trim()).toBe(user)
  await agent.stop()
  expect(await agent.exited).toBe(0)
  await until({
    what: `${user} to be gone`,
    probe: async () => (await find()).trim() === '' || undefined,
    deadlineMs: 30_000,
  })
  await folder.remove()
})

const rules = { 'database/creds/app': ['read'] }

async function makeRole(times: Readonly<Record<string, string>>): Promise<void> {
  const role = { db_name: database, creation_statements: statements }
  await machine.vault.call('POST', 'database/roles/app', { ...role, ...times })
}

/** With a `marker`, the user of each rotation is written there. */
function configuration({ method }: Login, destination: string, marker?: string): object {
  return {
    auto_auth: { method },
    template: [
      {
        destination,
        contents:
          '{{ with secret "database/creds/app" }}{{ .Data.username }}\n{{ .Data.password }}{{ end }}',
        ...(marker === undefined ? {} : { command: `head -n 1 ${destination} >> ${marker}` }),
      },
    ],
    claviger: { revoke_on_shutdown: true },
  }
}

/** The users of the file, in order, and for each of their logins that failed why. */
async function watchLogins(file: string) {
  const users: string[] = []
  const refusals: string[] = []
  const end = Date.now() + watchedMs
  while (Date.now() < end) {
    const [user = '', password = ''] = readFileSync(file, 'utf8').split('\n')
    if (users.at(-1) !== user) users.push(user)
    await logInToPostgresql(user, password).catch((error) => refusals.push(String(error)))
    await pause(pauseMs)
  }
  return { users, refusals }
}
