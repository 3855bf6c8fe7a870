/** `claviger.traces`, and OpenTelemetry's variables before it. */
import {
  endpointExpected,
  readEndpoint,
  readTraces,
  type TraceSettings,
} from '../../core/tracing/trace-settings.ts'
import type { Fields } from './fields.ts'
import type { Environment } from './settings.ts'

/** What is wrong with a variable is warned of: no secret waits for what watches the agent. */
export function readTraceFields(root: Fields, environment: Environment): TraceSettings | undefined {
  const fields = root.block('claviger').block('traces')
  // Then nothing of it is loaded.
  if (fields.keys().length === 0 && !namesAny(environment)) return undefined
  const endpoint = fields.text('endpoint') || undefined
  const isRead = endpoint === undefined || readEndpoint(endpoint) !== undefined
  if (!isRead) fields.report('endpoint', endpointExpected)
  const { settings, warnings } = readTraces(
    {
      service: 'claviger-agent',
      resource: podAttributes(environment),
      endpoint,
      headersPath: fields.text('headers_path') || undefined,
      caPath: fields.text('ca_cert') || undefined,
    },
    environment,
  )
  const isFitted = fields.has('headers_path') || fields.has('ca_cert')
  if (isFitted && endpoint === undefined && settings === undefined) {
    fields.warn('endpoint', endpointExpected, { hint: 'without it nothing is traced' })
  }
  for (const { path, expected, hint } of warnings) {
    root.warn(path, expected, hint === undefined ? {} : { hint })
  }
  return settings
}

function namesAny(environment: Environment): boolean {
  return Object.keys(environment).some((name) => name.startsWith('OTEL_'))
}

/** The variables are the webhook's. Source of the names: OpenTelemetry's semantic conventions, Kubernetes. */
function podAttributes(environment: Environment): ReadonlyMap<string, string> {
  if (!environment['KUBERNETES_SERVICE_HOST']) return new Map()
  const names = [
    ['k8s.namespace.name', 'NAMESPACE'],
    ['k8s.pod.name', 'POD_NAME'],
  ] as const
  return new Map(
    names.flatMap(([name, variable]) => {
      const value = environment[variable]
      return value ? [[name, value] as const] : []
    }),
  )
}
