import { describe, expect, test } from '@jest/globals'
import { createLogger } from '../../../../core/log.ts'
import type { Outcome } from '../../../../webhook/inject/mutate.ts'
import type { AdmissionEvent } from '../../../../webhook/review/admission.ts'
import { denyReasons, type Metric, metrics } from '../../../../webhook/telemetry/metric-table.ts'
import { Metrics } from '../../../../webhook/telemetry/metrics.ts'
import { otherNamespaces } from '../../../../webhook/telemetry/namespace-labels.ts'
import { Telemetry } from '../../../../webhook/telemetry/telemetry.ts'

const rows: readonly Metric[] = Object.values(metrics)
const summary = { role: 'r', stores: [], profile: 'p', flavour: undefined }
const injected: Outcome = {
  kind: 'injected',
  type: 'init_only',
  patch: [],
  warnings: ['w'],
  summary,
}
const denied: Outcome = {
  kind: 'denied',
  reason: 'system_namespace',
  issues: [],
  warnings: [],
  summary,
}

function create() {
  const logger = createLogger({
    level: 'error',
    format: 'json',
    write: () => undefined,
    now: () => 0,
  })
  return new Telemetry({ logger, metrics: new Metrics(), profile: 'claviger' })
}

function answered(outcome: Outcome | undefined, namespace = 'team'): AdmissionEvent {
  const review = {
    apiVersion: 'v1',
    kind: 'AdmissionReview',
    uid: 'u',
    namespace,
    name: 'n',
    user: { name: 'a', groups: 0 },
    ownerKind: '',
    dryRun: false,
    createsPod: true,
    object: {},
    misfit: undefined,
  }
  return { kind: 'answered', review, outcome }
}

async function textAfter(...events: readonly (AdmissionEvent | undefined)[]): Promise<string> {
  const telemetry = create()
  for (const event of events) telemetry.requestStarted()(event)
  return (await telemetry.render()).text
}

/** `name{labels}` of every sample. */
function series(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => /^([a-z_]+(?:\{.*\})?) /.exec(line)?.[1] ?? [])
}

describe('the metrics', () => {
  test('are those of the table, with their kinds', async () => {
    const text = await textAfter()
    for (const { name, kind } of rows) expect(text).toContain(`# TYPE ${name} ${kind}\n`)
    expect(text.match(/^# TYPE /gm)).toHaveLength(rows.length)
  })

  test('keep the names, labels and buckets of vault-k8s', async () => {
    const text = await textAfter(answered(injected), answered(denied))
    const prefix = 'vault_agent_injector'
    expect(text).toContain(`${prefix}_request_queue_length 0\n`)
    expect(text).toContain(
      `${prefix}_injections_by_namespace_total{namespace="team",injection_type="init_only"} 1\n`,
    )
    expect(text).toContain(`${prefix}_failed_injections_by_namespace_total{namespace="team"} 1\n`)
    const bounds = [...text.matchAll(/processing_duration_ms_bucket\{le="([^"]+)"\} 2/g)]
    expect(bounds.map(([, bound]) => bound)).toEqual(
      '5 10 25 50 75 100 250 500 1000 2500 5000 7500 10000 +Inf'.split(' '),
    )
  })

  test.each<[string, AdmissionEvent | undefined]>([
    ['injected', answered(injected)],
    ['denied', answered(denied)],
    ['skipped', answered({ kind: 'skipped', reason: 'not_requested' })],
    ['skipped', answered(undefined)],
    ['refused', { kind: 'refused', status: 400, reason: 'x' }],
    ['shed', { kind: 'refused', status: 429, reason: 'x' }],
    ['shed', { kind: 'refused', status: 503, reason: 'x' }],
  ])('count a request that is %s once, in seconds', async (result, event) => {
    const text = await textAfter(event)
    expect(text).toContain(
      `claviger_webhook_request_duration_seconds_count{result="${result}"} 1\n`,
    )
    expect(text.match(/duration_seconds_count/g)).toHaveLength(1)
  })

  test('count what each rule had to say, denied or not', async () => {
    const audited = { mode: 'audit', rule: 'r', subject: 'roles' } as const
    const enforced = { mode: 'enforce', rule: 's', subject: 'locks' } as const
    const text = await textAfter(
      answered({ ...injected, policy: [audited, audited] }),
      answered({ ...denied, policy: [enforced] }),
    )
    const name = 'claviger_webhook_policy_findings_total'
    expect(text).toContain(`${name}{mode="audit",subject="roles"} 2\n`)
    expect(text).toContain(`${name}{mode="enforce",subject="locks"} 1\n`)
  })

  test('do not count what was given up, and count an end only once', async () => {
    const telemetry = create()
    const finish = telemetry.requestStarted()
    const open = telemetry.requestStarted()
    expect((await telemetry.render()).text).toContain('request_queue_length 2\n')
    open(undefined)
    finish(answered(injected))
    finish(undefined)
    const { text } = await telemetry.render()
    expect(text).toContain('request_queue_length 0\n')
    expect(text).toContain('processing_duration_ms_count 1\n')
  })

  test('name as many namespaces as a cluster has, whatever names arrive', async () => {
    const odd = ['', 'A', 'a b', 'a"\n', '__proto__', 'x'.repeat(64), 'é', '-a', 'a.b']
    const many = Array.from({ length: 3000 }, (_, index) => `n${index}`)
    const text = await textAfter(...[...odd, ...many].map((name) => answered(denied, name)))
    const labels = [
      ...text.matchAll(/failed_injections_by_namespace_total\{namespace="([^"]*)"\}/g),
    ]
    expect(new Set(labels.map(([, label]) => label)).size).toBe(2001)
    expect(text).toContain(`{namespace="${otherNamespaces}"} ${odd.length + 1000}\n`)
  })

  test('have closed sets for every other label', async () => {
    const unknown = { ...denied, reason: 'settings_invalid' } as const
    const text = await textAfter(answered(injected), answered(denied), answered(unknown))
    for (const { name, labels } of rows) {
      for (const one of series(text).filter((sample) => sample.startsWith(`${name}{`))) {
        for (const [, label = '', value = ''] of one.matchAll(/([a-z_]+)="([^"]*)"/g)) {
          const values = labels[label]
          if (values !== undefined && values !== 'open') expect(values).toContain(value)
        }
      }
    }
    expect(denyReasons).toContain('other')
  })
})
