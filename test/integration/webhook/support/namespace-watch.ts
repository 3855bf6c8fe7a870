/** A watch of a fake API's namespaces whose every step can be waited for. */
import { afterEach, beforeEach, expect } from '@jest/globals'
import { createLogger } from '../../../../core/log.ts'
import { createMetadataApi } from '../../../../webhook/kube/metadata-client.ts'
import { NamespaceWatch } from '../../../../webhook/kube/namespace-watch.ts'
import { namespaces } from '../../../../webhook/kube/namespaces.ts'
import { announce } from './announced-api.ts'
import { createManualClock, type ManualClock } from './clock.ts'
import { FakeObjects } from './fake-objects.ts'

export interface RunningWatch {
  readonly watch: NamespaceWatch
  readonly clock: ManualClock
  readonly lines: readonly string[]
  readonly logger: ReturnType<typeof createLogger>
  /** When so many events have arrived. */
  readonly events: (count: number) => Promise<void>
  /** When so many watches have ended. */
  readonly ends: (count: number) => Promise<void>
  /** Ends the pause between two watches. */
  readonly goOn: () => Promise<void>
  readonly stop: () => Promise<void>
}

/** A fresh API for each test, and watches that end with it; nothing of what the API says may be in a log. */
export function useNamespaces(): {
  readonly api: () => FakeObjects
  readonly start: () => RunningWatch
} {
  const running: RunningWatch[] = []
  let api = new FakeObjects()
  beforeEach(async () => {
    api = new FakeObjects()
    await api.start()
  })
  afterEach(async () => {
    for (const { stop, lines } of running.splice(0)) {
      await stop()
      expect(lines.join('')).not.toContain('CANARY')
    }
    await api.stop()
  })
  const start = () => {
    const started = startNamespaceWatch(api)
    running.push(started)
    return started
  }
  return { api: () => api, start }
}

function startNamespaceWatch(fake: FakeObjects): RunningWatch {
  const lines: string[] = []
  const write = (line: string) => void lines.push(line)
  const logger = createLogger({ level: 'trace', format: 'json', write, now: () => 0 })
  const clock = createManualClock()
  const { outer: api, events, ends } = announce(createMetadataApi(fake.config, namespaces))
  const watch = new NamespaceWatch({ api, clock, logger })
  const controller = new AbortController()
  const running = watch.run(controller.signal)
  return {
    watch,
    clock,
    lines,
    logger,
    events,
    ends,
    goOn: async () => {
      await clock.waiting()
      clock.advance(30_000)
    },
    stop: async () => {
      controller.abort()
      await running
    },
  }
}
