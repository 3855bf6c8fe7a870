/** A guard of a fake API's pods whose every step can be waited for. */
import { afterEach, beforeEach, expect } from '@jest/globals'
import { createLogger } from '../../../../core/log.ts'
import { Guard } from '../../../../webhook/guard/guard.ts'
import { createPodKind } from '../../../../webhook/guard/pods.ts'
import { GuardTelemetry } from '../../../../webhook/guard/telemetry.ts'
import { findProfile } from '../../../../webhook/inject/profiles.ts'
import { createEvict } from '../../../../webhook/kube/evictions.ts'
import { createMetadataApi } from '../../../../webhook/kube/metadata-client.ts'
import { announce } from './announced-api.ts'
import { createManualClock } from './clock.ts'
import { FakeObjects, type ObjectInput } from './fake-objects.ts'

export interface LogLine {
  readonly '@level': string
  readonly '@message': string
  readonly [field: string]: unknown
}

export type RunningGuard = ReturnType<typeof startGuard>

/** A fresh API for each test; nothing of what the pods hold may be in a log or a metric. */
export function useGuard() {
  const running: RunningGuard[] = []
  let api = new FakeObjects()
  beforeEach(async () => {
    api = new FakeObjects()
    await api.start()
  })
  afterEach(async () => {
    for (const { stop, log, metrics } of running.splice(0)) {
      await stop()
      expect(JSON.stringify(log()) + (await metrics())).not.toContain('CANARY')
    }
    await api.stop()
  })
  const start = ({ evict = false } = {}) => {
    const started = startGuard(api, evict)
    running.push(started)
    return started
  }
  return { api: () => api, start }
}

function startGuard(fake: FakeObjects, evict: boolean) {
  const lines: string[] = []
  const listeners = new Set<() => void>()
  const clock = createManualClock()
  const write = (line: string) => {
    lines.push(line)
    for (const listen of listeners) listen()
  }
  const logger = createLogger({ level: 'trace', format: 'json', write, now: clock.now })
  const kind = createPodKind({ profile: findProfile('claviger'), ownNamespace: 'claviger-system' })
  const { outer: api, events, ends } = announce(createMetadataApi(fake.config, kind))
  const telemetry = new GuardTelemetry({ logger, profile: 'claviger' })
  const guard = new Guard({
    api,
    evict: evict ? createEvict(fake.config) : undefined,
    evictionsPerMinute: 10,
    graceMs: 30_000,
    clock,
    logger,
    telemetry,
  })
  const ending = new AbortController()
  const running = guard.run(ending.signal)
  return {
    guard,
    clock,
    events,
    ends,
    /** When there is a line with this message. */
    said: (message: string) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (lines.some((line) => line.includes(JSON.stringify(message)))) resolve()
        }
        listeners.add(look)
        look()
      }),
    log: () => lines.map((line): LogLine => JSON.parse(line)),
    metrics: async () => (await telemetry.render()).text,
    /** Lets the time pass; resolves when the guard has looked at its pods and waits again. */
    pass: async (ms: number) => {
      await clock.waiting()
      clock.advance(ms)
      await clock.waiting()
    },
    stop: async () => {
      ending.abort()
      await running
    },
  }
}

/** Metadata of a pod that asks for injection, created `ageMs` before the clock's time. */
export function pod(
  now: number,
  { ageMs = 0, ...more }: ObjectInput & { readonly ageMs?: number } = {},
): ObjectInput {
  return {
    namespace: 'team',
    uid: `uid-${Math.random()}`,
    creationTimestamp: new Date(now - ageMs).toISOString().replace(/\.\d+/, ''),
    annotations: {
      'vault.hashicorp.com/agent-inject': 'true',
      'vault.hashicorp.com/agent-inject-template-x': 'CANARY-template',
    },
    ...more,
  }
}

/** A ReplicaSet's. */
export const ownedBy = (name: string): ObjectInput => ({
  ownerReferences: [{ kind: 'ReplicaSet', name, uid: `owner-${name}`, controller: true }],
})
