/** A watch of a fake API's namespaces whose every step can be waited for. */
import { afterEach, beforeEach, expect } from '@jest/globals'
import { createLogger } from '../../../../core/log.ts'
import type { NamespaceView } from '../../../../webhook/inject/namespace.ts'
import type { MetadataApi } from '../../../../webhook/kube/metadata.ts'
import { createMetadataApi } from '../../../../webhook/kube/metadata-client.ts'
import { NamespaceWatch } from '../../../../webhook/kube/namespace-watch.ts'
import { namespaces } from '../../../../webhook/kube/namespaces.ts'
import { createManualClock, type ManualClock } from './clock.ts'
import { FakeNamespaces } from './fake-namespaces.ts'

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
  readonly api: () => FakeNamespaces
  readonly start: () => RunningWatch
} {
  const running: RunningWatch[] = []
  let api = new FakeNamespaces()
  beforeEach(async () => {
    api = new FakeNamespaces()
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

function startNamespaceWatch(fake: FakeNamespaces): RunningWatch {
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

function announce(inner: MetadataApi<NamespaceView>) {
  let heard = 0
  let ended = 0
  const watchers: { readonly done: () => boolean; readonly resolve: () => void }[] = []
  const notify = () => {
    for (const { done, resolve } of watchers) if (done()) resolve()
  }
  const until = (done: () => boolean) =>
    new Promise<void>((resolve) => {
      if (done()) resolve()
      else watchers.push({ done, resolve })
    })
  const outer: MetadataApi<NamespaceView> = {
    list: inner.list,
    watch: async (version, use, signal) => {
      try {
        return await inner.watch(
          version,
          (event) => {
            use(event)
            heard += 1
            notify()
          },
          signal,
        )
      } finally {
        ended += 1
        notify()
      }
    },
  }
  return {
    outer,
    events: (count: number) => until(() => heard >= count),
    ends: (count: number) => until(() => ended >= count),
  }
}
