/** What the guard says: the only place that counts and logs pods. */
import { errorFields, type LogFields, type Logger } from '../../core/log.ts'
import { version } from '../../core/version.ts'
import type { Page } from '../http/page.ts'
import { NamespaceLabels } from '../telemetry/namespace-labels.ts'
import { MetricRegistry } from '../telemetry/registry.ts'
import type { PlannedEviction } from './eviction-plan.ts'
import type { JudgedPod } from './judge.ts'
import { evictionResults, guardMetrics } from './metric-table.ts'

export interface GuardTelemetryDeps {
  readonly logger: Logger
  readonly profile: string
}

export class GuardTelemetry {
  readonly #logger: Logger
  readonly #registry = new MetricRegistry()
  readonly #uninjectedPods = this.#registry.gauge(guardMetrics.uninjectedPods)
  readonly #evictions = this.#registry.counter(guardMetrics.evictions)
  readonly #synced = this.#registry.gauge(guardMetrics.synced)
  readonly #heardAt = this.#registry.gauge(guardMetrics.heardAt)
  readonly #namespaces = new NamespaceLabels()

  constructor({ logger, profile }: GuardTelemetryDeps) {
    this.#logger = logger
    this.#registry.collectProcess()
    this.#registry.gauge(guardMetrics.buildInfo).set({ version, profile }, 1)
    for (const result of evictionResults) this.#evictions.inc({ result }, 0)
  }

  podsListed(pods: number): void {
    this.#synced.set(1)
    this.#logger.info('pods listed', { pods })
  }

  /** Something arrived at `now`, in milliseconds since the epoch. */
  heard(now: number): void {
    this.#heardAt.set(now / 1000)
  }

  /** All pods that should have been injected. */
  counted(pods: readonly JudgedPod[]): void {
    this.#uninjectedPods.reset()
    for (const { namespace } of pods) {
      this.#uninjectedPods.inc({ namespace: this.#namespaces.label(namespace) })
    }
  }

  found(pod: JudgedPod, now: number): void {
    const age = Math.round((now - pod.createdAt) / 1000)
    const reason = pod.judgement === 'invalid' ? 'request_invalid' : 'not_injected'
    this.#logger.warn('pod not injected', { ...describePod(pod), age_s: age, reason })
  }

  evicted({ pod, attempt }: PlannedEviction, pauseMs: number): void {
    this.#evictions.inc({ result: 'evicted' })
    this.#logger.info('pod evicted', { ...describePod(pod), attempt, ...describePause(pauseMs) })
  }

  blocked({ pod }: PlannedEviction, pauseMs: number): void {
    this.#evictions.inc({ result: 'refused' })
    const reason = 'disruption_budget'
    this.#logger.warn('pod not evicted', { ...describePod(pod), reason, ...describePause(pauseMs) })
  }

  failed({ pod }: PlannedEviction, pauseMs: number, thrown: unknown): void {
    this.#evictions.inc({ result: 'failed' })
    const fields = { ...describePod(pod), ...errorFields(thrown), ...describePause(pauseMs) }
    this.#logger.warn('pod not evicted', fields)
  }

  render(): Promise<Page> {
    return this.#registry.render()
  }
}

function describePod({ namespace, name, controller }: JudgedPod): LogFields {
  return {
    namespace,
    pod: name,
    owner: controller?.kind.slice(0, 253),
    owner_name: controller?.name.slice(0, 253),
  }
}

/** For how long no other pod of the same owner is evicted. */
function describePause(pauseMs: number): LogFields {
  return { owner_pause_s: Math.round(pauseMs / 1000) }
}
