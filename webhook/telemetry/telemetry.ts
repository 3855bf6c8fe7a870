/** What requests leave behind: the only place that counts and logs them. */

import { errorFields, type Logger } from '../../core/log.ts'
import { version } from '../../core/version.ts'
import type { Page } from '../http/page.ts'
import type { Outcome } from '../inject/mutate.ts'
import type { PolicyFinding } from '../policy/judge.ts'
import type { AdmissionEvent } from '../review/admission.ts'
import { reportAdmission } from './audit.ts'
import { denyReasons, type Result, type shedCauses } from './metric-table.ts'
import type { Metrics } from './metrics.ts'
import { NamespaceLabels } from './namespace-labels.ts'

export type ShedCause = (typeof shedCauses)[number]

export interface TelemetryDeps {
  readonly logger: Logger
  readonly metrics: Metrics
  readonly profile: string
}

export class Telemetry {
  readonly #logger: Logger
  readonly #metrics: Metrics
  readonly #namespaces = new NamespaceLabels()

  constructor({ logger, metrics, profile }: TelemetryDeps) {
    this.#logger = logger
    this.#metrics = metrics
    metrics.buildInfo.set({ version, profile }, 1)
  }

  /** To be called once a request's head is there; the result when it is answered, or given up with undefined. Counts once. */
  requestStarted(): (event: AdmissionEvent | undefined) => void {
    const started = performance.now()
    let isOpen = true
    this.#metrics.queueLength.inc()
    return (event) => {
      if (!isOpen) return
      isOpen = false
      this.#metrics.queueLength.dec()
      if (event === undefined) return
      const durationMs = performance.now() - started
      this.#count(event, durationMs)
      reportAdmission(this.#logger, event, durationMs)
    }
  }

  /** A fault of ours. */
  requestFailed(thrown: unknown): void {
    this.#metrics.requestSeconds.observe({ result: 'failed' }, 0)
    this.#logger.error('request failed', errorFields(thrown))
  }

  shed(cause: ShedCause): void {
    this.#metrics.shed.inc({ cause })
  }

  certificateUsed(validUntil: number): void {
    this.#metrics.certificateExpiry.set(validUntil / 1000)
  }

  certificateFailed(): void {
    this.#metrics.certificateFailures.inc()
  }

  render(): Promise<Page> {
    return this.#metrics.registry.render()
  }

  #count(event: AdmissionEvent, durationMs: number): void {
    const metrics = this.#metrics
    metrics.processingTime.observe(durationMs)
    metrics.requestSeconds.observe({ result: nameResult(event) }, durationMs / 1000)
    if (event.kind !== 'answered') return
    const namespace = this.#namespaces.label(event.review.namespace)
    const { outcome } = event
    if (event.review.misfit !== undefined) this.#countDenial(namespace, 'pod_invalid')
    else if (outcome?.kind === 'denied') this.#countDenial(namespace, outcome.reason)
    else if (outcome?.kind === 'injected') {
      // vault-k8s does not count a pod that gets volumes only.
      if (outcome.type !== 'none') {
        metrics.injections.inc({ namespace, injection_type: outcome.type })
      }
      metrics.patchOperations.observe(outcome.patch.length)
    }
    metrics.warnings.inc(countWarnings(outcome))
    for (const { mode, subject } of listFindings(outcome)) {
      metrics.policyFindings.inc({ mode, subject })
    }
  }

  #countDenial(namespace: string, reason: string): void {
    this.#metrics.failedInjections.inc({ namespace })
    const known = denyReasons.find((name) => name === reason) ?? 'other'
    this.#metrics.denials.inc({ reason: known })
  }
}

function nameResult(event: AdmissionEvent): Result {
  if (event.kind === 'refused') return [429, 503].includes(event.status) ? 'shed' : 'refused'
  if (event.review.misfit !== undefined) return 'denied'
  return event.outcome?.kind ?? 'skipped'
}

function listFindings(outcome: Outcome | undefined): readonly PolicyFinding[] {
  return outcome === undefined || outcome.kind === 'skipped' ? [] : (outcome.policy ?? [])
}

function countWarnings(outcome: Outcome | undefined): number {
  return outcome === undefined || outcome.kind === 'skipped' ? 0 : outcome.warnings.length
}
