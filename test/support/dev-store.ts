/** A development store on a directory and a clock of its own, without HTTP. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from '@jest/globals'
import type { DevAnswer } from '../../cli/dev/exchange.ts'
import { type Issuer, openIssuer } from '../../cli/dev/issuer.ts'
import { createDevStore, type DevEvent } from '../../cli/dev/store.ts'
import type { Clock } from '../../core/clock.ts'
import { parseJson, stringifyJson } from '../../core/json.ts'
import { Secret } from '../../core/secret.ts'

export const rootToken = 'hvs.root-of-the-test'

const temporary = mkdtempSync(join(tmpdir(), 'claviger-dev-'))
afterAll(() => rmSync(temporary, { recursive: true }))

/** An empty directory that is gone when the tests of the file have run. */
export function makeDirectory(): string {
  return mkdtempSync(join(temporary, 'data-'))
}

export interface Asked {
  readonly body?: unknown
  /** The root token unless given; null for none. */
  readonly token?: string | null
  readonly query?: Readonly<Record<string, string>>
  /** Seconds for which the answer shall be wrapped. */
  readonly wrapTtl?: number
}

export interface Answered {
  readonly status: number
  readonly body: unknown
}

export interface DevStoreFixture {
  readonly directory: string
  readonly issuer: Issuer
  readonly clock: Clock
  readonly events: readonly DevEvent[]
  readonly ask: (method: string, path: string, asked?: Asked) => Promise<Answered>
  readonly advance: (seconds: number) => void
}

/** `directory` of an earlier fixture for a restart. */
export async function openDevStore(directory = makeDirectory()): Promise<DevStoreFixture> {
  const events: DevEvent[] = []
  let now = Date.UTC(2026, 0, 1)
  const clock: Clock = { now: () => now, chance: () => 0.5, sleep: async () => undefined }
  const issuer = await openIssuer(directory, clock)
  const store = createDevStore({
    dataDirectory: directory,
    clock,
    rootToken: new Secret(rootToken),
    issuer,
    onRequest: (event) => events.push(event),
  })
  return {
    directory,
    issuer,
    clock,
    events,
    advance: (seconds) => {
      now += seconds * 1000
    },
    ask: async (method, path, asked = {}) => {
      const { body = {}, token = rootToken, query = {}, wrapTtl = 0 } = asked
      const parsed = parseJson(typeof body === 'string' ? body : JSON.stringify(body))
      const answered = await store({
        method,
        path,
        query: new Map(Object.entries(query)),
        body: parsed instanceof Map ? parsed : new Map(),
        wrapTtl,
        ...(token === null ? {} : { token: new Secret(token) }),
      })
      return { status: answered.status, body: plain(answered) }
    },
  }
}

function plain({ body }: DevAnswer): unknown {
  return body === undefined ? undefined : JSON.parse(stringifyJson(body))
}
