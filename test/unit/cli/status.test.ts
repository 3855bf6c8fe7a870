/** The table of `claviger status`, and what it makes of an agent's words. */
import { describe, expect, test } from '@jest/globals'
import type { V1Pod } from '@kubernetes/client-node'
import { findAgent } from '../../../cli/cluster/agent-containers.ts'
import { parseReport } from '../../../cli/status/agent-report.ts'
import type { PodState, Report } from '../../../cli/status/read-pods.ts'
import { formatPod, formatPods } from '../../../cli/status/table.ts'
import { AppError } from '../../../core/errors.ts'

const now = Date.UTC(2026, 0, 1)
const at = (seconds: number) => new Date(now + seconds * 1000).toISOString()
const secret = {
  path: 'secret/data/app/database',
  kind: 'read',
  read_at: at(-70),
  next_at: at(200),
  expires_at: at(3600),
  failure: null,
}
const wellSaid = {
  ready: true,
  session: { expires_at: at(3000), due_at: at(2000), renewable: true },
  login_failure: null,
  secrets: [secret, { ...secret, path: 'database/creds/app', read_at: at(-10), expires_at: null }],
  files: [
    { destination: '/vault/secrets/db', rendered: true, stale: false, command_pending: false },
  ],
}
const failure = { code: 'store_refused', count: 3, retry_at: at(5) }

function said(json: object): Report {
  const status = parseReport(JSON.stringify(json))
  return status === undefined ? { kind: 'silent' } : { kind: 'said', status }
}

interface Given {
  readonly report?: Report
  readonly initState?: object
  readonly state?: object
  readonly restarts?: number
  readonly native?: boolean
}

function state(name: string, given: Given): PodState {
  const { report = said(wellSaid), restarts = 0, native = false } = given
  const { initState = { terminated: { exitCode: 0 } }, state: own = { running: {} } } = given
  const sidecar = { name: 'vault-agent', image: 'agent:1', restartPolicy: 'Always' }
  const init = { name: 'vault-agent-init', image: 'agent:1' }
  const common = { image: '', imageID: '', ready: true, restartCount: 0 }
  const pod: V1Pod = {
    metadata: { name, namespace: 'demo' },
    spec: {
      initContainers: native ? [init, sidecar] : [init],
      containers: native ? [] : [sidecar],
    },
    status: {
      initContainerStatuses: [{ ...common, name: init.name, state: initState }],
      containerStatuses: [{ ...common, name: sidecar.name, state: own, restartCount: restarts }],
    },
  }
  const agent = findAgent(pod)
  if (agent === undefined) throw new Error('the pod has no agent')
  return { pod, agent, report }
}

const options = { now, allNamespaces: true, wide: false, width: 100 }
const forbidden = new AppError('kubernetes_refused', { status: 403 })
const late = new AppError('kubernetes_refused', { cause: 'ETIMEDOUT' })
const waiting = (reason: string) => ({ waiting: { reason } })

describe('a line', () => {
  test.each<[string, Given, RegExp]>([
    ['well', {}, /init\+sidecar +ready +2 +1m10s +in 3m20s +in 1h +-$/],
    ['native', { native: true }, /init\+native +ready/],
    ['crashes', { state: waiting('CrashLoopBackOff'), restarts: 7 }, /CrashLoopBackOff \(7x\)/],
    ['no-image', { initState: waiting('ImagePullBackOff') }, /ImagePullBackOff/],
    ['starts', { initState: { running: {} } }, /starting/],
    ['done', { state: { terminated: { exitCode: 0 } } }, /done/],
    ['killed', { state: { terminated: { exitCode: 137, reason: 'OOMKilled' } } }, /OOMKilled/],
    [
      'refused',
      { report: said({ ...wellSaid, login_failure: failure }) },
      /store_refused, 3 times$/,
    ],
    [
      'failing',
      { report: said({ ...wellSaid, secrets: [{ ...secret, failure }] }) },
      /store_refused/,
    ],
    ['silent', { report: { kind: 'silent' } }, /ready +- +- +- +- +-$/],
    ['closed', { report: { kind: 'unreachable', error: forbidden } }, /not reachable: exec is not/],
    ['slow', { report: { kind: 'unreachable', error: late } }, /not reachable: ETIMEDOUT$/],
  ])('of a pod: %s', (name, given, expected) => {
    const [, line] = formatPods([state(name, given)], options).split('\n')
    expect(line).toMatch(expected)
  })

  test('is no longer than the terminal is wide', () => {
    const long = state('a-deployment-with-a-long-name-and-what-follows-it-7d9c5b7f6d-abcde', {
      report: { kind: 'unreachable', error: forbidden },
    })
    for (const line of formatPods([long], options).split('\n')) {
      expect(line.length).toBeLessThanOrEqual(100)
    }
  })
})

test('one pod is shown with each secret and the files it is in', () => {
  const files = [
    {
      destination: '/vault/secrets/db',
      paths: ['secret/app/database'],
      others: [],
      unclear: false,
    },
    {
      destination: '/vault/secrets/all',
      paths: ['secret/data/app/database'],
      others: [],
      unclear: false,
    },
  ]
  const text = formatPod(state('well', {}), files, now)
  expect(text).toMatch(/^secret\/data\/app\/database +db,all +1m10s +in 3m20s +in 1h +-$/m)
  expect(text).toMatch(/^database\/creds\/app +- +10s/m)
  expect(text).toMatch(/^session: ends in 50m, next in 33m20s$/m)
})

test.each(['', 'node: not found', '[]', '{}', 'null'])('%j is no report', (text) => {
  expect(parseReport(text)).toBeUndefined()
})
