/** The `telemetry` block, as far as it means something here. */
import type { TelemetryConfig } from './agent-config.ts'
import type { Fields } from './fields.ts'

const dayMs = 86_400_000

/** Prometheus text is given as soon as there is a block, unless it says that nothing is retained. */
export function readTelemetry(root: Fields): TelemetryConfig {
  const telemetry = root.block('telemetry')
  const retentionMs = telemetry.duration('prometheus_retention_time')
  return {
    prometheusRetentionMs: root.has('telemetry') ? (retentionMs ?? dayMs) || undefined : undefined,
    prefix: telemetry.text('metrics_prefix') || 'vault',
    disableHostname: telemetry.strictFlag('disable_hostname') ?? false,
    enableHostnameLabel: telemetry.strictFlag('enable_hostname_label') ?? false,
  }
}
