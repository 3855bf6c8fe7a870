/** The table of the guard's metrics: registry, docs/guard.md and tests derive from it. */
import type { Metric } from '../telemetry/metric-table.ts'

/** How an attempt to evict a pod ended. */
export const evictionResults = ['evicted', 'refused', 'failed'] as const
export type EvictionOutcome = (typeof evictionResults)[number]

export const guardMetrics = {
  uninjectedPods: {
    name: 'claviger_guard_uninjected_pods',
    kind: 'gauge',
    help: 'Pods that ask for injection, run without an agent, and are older than the grace.',
    labels: { namespace: 'open' },
  },
  evictions: {
    name: 'claviger_guard_evictions_total',
    kind: 'counter',
    help: 'Attempts to evict such pods: refused by a PodDisruptionBudget, failed for another reason.',
    labels: { result: evictionResults },
  },
  synced: {
    name: 'claviger_guard_synced',
    kind: 'gauge',
    help: '1 once all pods were listed; 0 before, while nothing can be said.',
    labels: {},
  },
  heardAt: {
    name: 'claviger_guard_heard_timestamp_seconds',
    kind: 'gauge',
    help: 'When the API server last said something of pods; it does so at least once a minute.',
    labels: {},
  },
  buildInfo: {
    name: 'claviger_guard_build_info',
    kind: 'gauge',
    help: 'Always 1; the labels say what runs.',
    labels: { version: 'open', profile: 'open' },
  },
} as const satisfies Record<string, Metric>
