/** Admissions of a typical pod by each injector, in interleaved rounds. */
import { podOfDeployment } from '../../cli/demo/admission.ts'
import type { Processes } from '../../cli/demo/processes.ts'
import { type AdmissionFigures, measureAdmissions, residentMemory } from './admission.ts'
import { type Injector, pinned, startInjectors } from './injectors.ts'
import { formatTable, summarize } from './statistics.ts'

export interface AdmissionBenchOptions {
  readonly processes: Processes
  readonly root: string
  /** Of each measurement. */
  readonly seconds: number
  readonly peer: string | undefined
}

const rounds = 3
const connectionCounts = [1, 16, 64]

/** The table as text; medians over the rounds, the largest memory. */
export async function benchAdmissions(options: AdmissionBenchOptions): Promise<string> {
  const { seconds } = options
  const injectors = await startInjectors(options)
  const idle = new Map(injectors.map(({ name, pid }) => [name, residentMemory(pid)]))
  const body = Buffer.from(JSON.stringify(buildReview()))
  const rows = [
    [
      '',
      'connections',
      'CPU µs/review',
      'requests/s',
      'p50 ms',
      'p99 ms',
      'RSS MiB idle',
      'loaded',
    ],
  ]
  for (const connections of connectionCounts) {
    const figures = await measureInTurns(injectors, { body, connections, seconds })
    for (const { name, pid } of injectors) {
      const own = figures.get(name) ?? []
      const median = (read: (one: AdmissionFigures) => number | undefined) =>
        summarize(own.map((one) => read(one) ?? Number.NaN)).median
      rows.push([
        name,
        String(connections),
        median((one) => one.cpuMicrosecondsPerReview).toFixed(0),
        median((one) => one.requestsPerSecond).toFixed(0),
        median((one) => one.p50Ms).toFixed(2),
        median((one) => one.p99Ms).toFixed(2),
        idle.get(name)?.toFixed(0) ?? 'unknown',
        residentMemory(pid)?.toFixed(0) ?? 'unknown',
      ])
    }
  }
  const place = pinned
    ? 'each injector on core 0, the load on core 1'
    : 'the load on the same cores'
  return `\nAdmissions of the example's pod (${body.length} bytes), TLS keep-alive, ${rounds} interleaved rounds of ${seconds} s, ${place}\n${formatTable(rows)}`
}

interface Measurement {
  readonly body: Buffer
  readonly connections: number
  readonly seconds: number
}

async function measureInTurns(
  injectors: readonly Injector[],
  measurement: Measurement,
): Promise<ReadonlyMap<string, readonly AdmissionFigures[]>> {
  const figures = new Map<string, AdmissionFigures[]>()
  for (let round = 0; round < rounds; round++) {
    for (const { name, ...injector } of injectors) {
      const one = await measureAdmissions({ ...injector, ...measurement })
      figures.set(name, [...(figures.get(name) ?? []), one])
    }
  }
  return figures
}

const tokenMount = {
  name: 'kube-api-access-x7k2p',
  mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
  readOnly: true,
}

/** As the API server sends it: with the token of the pod's ServiceAccount, which comes before any webhook. */
function buildReview(): object {
  const pod = podOfDeployment('manifests/examples/deployment.yaml', {})
  const sources = [{ serviceAccountToken: { expirationSeconds: 3607, path: 'token' } }]
  const volume = { name: tokenMount.name, projected: { defaultMode: 420, sources } }
  return {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid: '6f8a5f0e-6a1c-4a6e-9a0e-1f1f5a1f6b2c',
      kind: { group: '', version: 'v1', kind: 'Pod' },
      resource: { group: '', version: 'v1', resource: 'pods' },
      operation: 'CREATE',
      namespace: 'bench',
      userInfo: { username: 'system:serviceaccount:kube-system:replicaset-controller' },
      object: {
        ...pod,
        spec: {
          ...pod.spec,
          volumes: [...(pod.spec?.volumes ?? []), volume],
          containers: pod.spec?.containers.map((container) => ({
            ...container,
            volumeMounts: [...(container.volumeMounts ?? []), tokenMount],
          })),
        },
      },
      oldObject: null,
      dryRun: false,
    },
  }
}
