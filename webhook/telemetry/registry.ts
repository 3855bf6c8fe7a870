/** A registry that makes metrics out of the rows of a table. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from '@prometheus-io/client'
import type { Page } from '../http/page.ts'
import type { Metric } from './metric-table.ts'

export class MetricRegistry {
  readonly #registry = new Registry()

  counter(row: Metric): Counter<string> {
    return new Counter(this.#options(row))
  }

  gauge(row: Metric): Gauge<string> {
    return new Gauge(this.#options(row))
  }

  histogram(row: Extract<Metric, { readonly kind: 'histogram' }>): Histogram<string> {
    return new Histogram({ ...this.#options(row), buckets: [...row.buckets] })
  }

  /** Adds those of the process and of Node.js; they cost memory and a timer, so only where somebody can ask for them. */
  collectProcess(): void {
    collectDefaultMetrics({ register: this.#registry })
  }

  /** In the text exposition format. */
  async render(): Promise<Page> {
    const { contentType } = this.#registry
    return { status: 200, contentType, text: await this.#registry.metrics() }
  }

  #options({ name, help, labels }: Metric) {
    return { name, help, labelNames: Object.keys(labels), registers: [this.#registry] }
  }
}
