/** The metrics of one webhook in a registry of their own. */
import { metrics } from './metric-table.ts'
import { MetricRegistry } from './registry.ts'

export class Metrics {
  readonly registry = new MetricRegistry()
  readonly queueLength = this.registry.gauge(metrics.queueLength)
  readonly processingTime = this.registry.histogram(metrics.processingTime)
  readonly injections = this.registry.counter(metrics.injections)
  readonly failedInjections = this.registry.counter(metrics.failedInjections)
  readonly requestSeconds = this.registry.histogram(metrics.requestSeconds)
  readonly patchOperations = this.registry.histogram(metrics.patchOperations)
  readonly denials = this.registry.counter(metrics.denials)
  readonly warnings = this.registry.counter(metrics.warnings)
  readonly policyFindings = this.registry.counter(metrics.policyFindings)
  readonly shed = this.registry.counter(metrics.shed)
  readonly certificateExpiry = this.registry.gauge(metrics.certificateExpiry)
  readonly certificateFailures = this.registry.counter(metrics.certificateFailures)
  readonly buildInfo = this.registry.gauge(metrics.buildInfo)
}
