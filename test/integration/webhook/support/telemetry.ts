/** What a server needs beside its defaults. */
import type { Logger } from '../../../../core/log.ts'
import { Metrics } from '../../../../webhook/telemetry/metrics.ts'
import { Telemetry } from '../../../../webhook/telemetry/telemetry.ts'
import { buildTlsSettings } from '../../../../webhook/tls/options.ts'

export function createTelemetry(logger: Logger): Telemetry {
  return new Telemetry({ logger, metrics: new Metrics(), profile: 'claviger' })
}

export const serverSettings = { tls: buildTlsSettings('tls12', []), telemetryPath: '' }
