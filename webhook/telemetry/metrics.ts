/** The metrics of one webhook in a registry of their own. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from '@prometheus-io/client'
import { type Metric, metrics } from './metric-table.ts'

export class Metrics {
  readonly #registry = new Registry()
  readonly queueLength = this.#gauge(metrics.queueLength)
  readonly processingTime = this.#histogram(metrics.processingTime)
  readonly injections = this.#counter(metrics.injections)
  readonly failedInjections = this.#counter(metrics.failedInjections)
  readonly requestSeconds = this.#histogram(metrics.requestSeconds)
  readonly patchOperations = this.#histogram(metrics.patchOperations)
  readonly denials = this.#counter(metrics.denials)
  readonly warnings = this.#counter(metrics.warnings)
  readonly policyFindings = this.#counter(metrics.policyFindings)
  readonly shed = this.#counter(metrics.shed)
  readonly certificateExpiry = this.#gauge(metrics.certificateExpiry)
  readonly certificateFailures = this.#counter(metrics.certificateFailures)
  readonly buildInfo = this.#gauge(metrics.buildInfo)

  /** Adds those of the process and of Node.js; they cost memory and a timer, so only where somebody can ask for them. */
  collectProcess(): void {
    collectDefaultMetrics({ register: this.#registry })
  }

  get contentType(): string {
    return this.#registry.contentType
  }

  /** The text exposition format. */
  render(): Promise<string> {
    return this.#registry.metrics()
  }

  #counter(row: Metric): Counter<string> {
    return new Counter(this.#options(row))
  }

  #gauge(row: Metric): Gauge<string> {
    return new Gauge(this.#options(row))
  }

  #histogram(row: Extract<Metric, { readonly kind: 'histogram' }>): Histogram<string> {
    return new Histogram({ ...this.#options(row), buckets: [...row.buckets] })
  }

  #options({ name, help, labels }: Metric) {
    return { name, help, labelNames: Object.keys(labels), registers: [this.#registry] }
  }
}
