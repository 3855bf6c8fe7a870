/** The agent's telemetry, from the annotations of its keys. */
import { findNearest } from '../../../core/nearest.ts'
import type { AnnotationReader } from '../annotations/annotation-reader.ts'
import { annotations } from '../annotations/annotations.ts'
import type { Flavour } from '../annotations/container-annotations.ts'
import type { Problem } from '../problem.ts'
import type { Reading } from './reading.ts'

type TelemetryKind = 'text' | 'number' | 'boolean' | 'list'

/** Key → what it takes. Source: vault-k8s, agent-inject/agent/config.go, Telemetry. */
const telemetryKeys: ReadonlyMap<string, TelemetryKind> = new Map([
  ['usage_gauge_period', 'text'],
  ['maximum_gauge_cardinality', 'number'],
  ['disable_hostname', 'boolean'],
  ['enable_hostname_label', 'boolean'],
  ['lease_metrics_epsilon', 'text'],
  ['num_lease_metrics_buckets', 'number'],
  ['add_lease_metrics_namespace_labels', 'boolean'],
  ['filter_default', 'boolean'],
  ['prefix_filter', 'list'],
  ['statsite_address', 'text'],
  ['statsd_address', 'text'],
  ['circonus_api_token', 'text'],
  ['circonus_api_app', 'text'],
  ['circonus_api_url', 'text'],
  ['circonus_submission_interval', 'text'],
  ['circonus_submission_url', 'text'],
  ['circonus_check_id', 'text'],
  ['circonus_check_force_metric_activation', 'boolean'],
  ['circonus_check_instance_id', 'text'],
  ['circonus_check_search_tag', 'text'],
  ['circonus_check_display_name', 'text'],
  ['circonus_check_tags', 'text'],
  ['circonus_broker_id', 'text'],
  ['circonus_broker_select_tag', 'text'],
  ['dogstatsd_addr', 'text'],
  ['dogstatsd_tags', 'list'],
  ['prometheus_retention_time', 'text'],
  ['stackdriver_project_id', 'text'],
  ['stackdriver_location', 'text'],
  ['stackdriver_namespace', 'text'],
  ['stackdriver_debug_logs', 'boolean'],
])

/** Those that our own agent acts on: it is asked for its metrics and sends none. */
const ownKeys = ['disable_hostname', 'enable_hostname_label', 'prometheus_retention_time']

const expectations: Readonly<Record<TelemetryKind, string>> = {
  text: 'text; a number or a boolean must stand in double quotes of its own',
  number: 'a whole number',
  boolean: 'true or false',
  list: 'a JSON list of texts',
}

export type Telemetry = Readonly<Record<string, unknown>>

/**
 * Undefined without any key. A value of the wrong type drops all of it, silently in vault-k8s; here it is a problem, code
 * `telemetry`. Nulls, zeros and empty values are left out. Source: vault-k8s, config.go.
 */
export function readTelemetry(
  reader: AnnotationReader,
  flavour: Flavour,
): Reading<Telemetry | undefined> {
  const problems: Problem[] = []
  const warnings: string[] = []
  const telemetry: Record<string, unknown> = {}
  const values = reader.family(annotations.telemetry)
  for (const [name, text] of values) {
    const path = reader.spell(annotations.telemetry.key + name)
    const key = name.replaceAll('-', '_').toLowerCase()
    const kind = telemetryKeys.get(key)
    const value = parseValue(text)
    if (kind === undefined) warnings.push(describeUnknown(path, key))
    else if (!fits(kind, value)) {
      problems.push({ code: 'telemetry', path, expected: expectations[kind] })
    } else {
      if (value !== null) telemetry[key] = fill(value)
      if (flavour === 'claviger' && !ownKeys.includes(key)) warnings.push(describeIdle(path))
    }
  }
  const kept = Object.entries(telemetry).filter(([, value]) => !isEmpty(value))
  const value = values.size === 0 || problems.length > 0 ? undefined : Object.fromEntries(kept)
  return { value, problems, warnings }
}

function parseValue(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    // Go takes a number that no float can hold for text.
    return typeof value === 'number' && !Number.isFinite(value) ? text : value
  } catch {
    return text
  }
}

function fits(kind: TelemetryKind, value: unknown): boolean {
  if (value === null) return true
  switch (kind) {
    case 'text':
      return typeof value === 'string'
    case 'number':
      return Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 63
    case 'boolean':
      return typeof value === 'boolean'
    case 'list':
      return (
        Array.isArray(value) &&
        value.every((element) => element === null || typeof element === 'string')
      )
  }
}

function isEmpty(value: unknown): boolean {
  return !value || (Array.isArray(value) && value.length === 0)
}

function fill(value: unknown): unknown {
  return Array.isArray(value) ? value.map((element) => element ?? '') : value
}

function describeUnknown(path: string, key: string): string {
  const meant = findNearest(key, telemetryKeys.keys())
  const hint = meant === undefined ? '' : `; did you mean ${meant.replaceAll('_', '-')}?`
  return `${path} is no key of the agent’s telemetry and has no effect${hint}`
}

function describeIdle(path: string): string {
  return `${path} has no effect on the Claviger agent, which serves its metrics to Prometheus alone`
}
