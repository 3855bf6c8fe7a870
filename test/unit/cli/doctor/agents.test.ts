/** What containers and words of agents tell `claviger doctor`. */
import { describe, expect, test } from '@jest/globals'
import type { V1Pod, V1PodStatus } from '@kubernetes/client-node'
import type { CommandResult } from '../../../../cli/cluster/cluster.ts'
import { examineAgents } from '../../../../cli/doctor/agents.ts'
import { usualDefaults } from '../../../../cli/doctor/installed-defaults.ts'
import type { Result } from '../../../../cli/doctor/result.ts'
import { AppError } from '../../../../core/errors.ts'
import { createStubCluster } from '../../../support/stub-cluster.ts'

const common = { image: '', imageID: '', ready: true, restartCount: 3 }
const running = { running: {} }

function makePod(status: V1PodStatus, more: object = {}): V1Pod {
  return {
    metadata: { name: 'p', namespace: 'demo' },
    spec: {
      initContainers: [{ name: 'vault-agent-init', image: 'agent:1' }],
      containers: [{ name: 'app' }, { name: 'vault-agent', image: 'agent:1' }],
      ...more,
    },
    status,
  }
}

const withSidecar = (state: object, lastState: object = {}): V1PodStatus => ({
  containerStatuses: [{ ...common, name: 'vault-agent', state, lastState }],
})
const failure = { code: 'store_refused', count: 2, retry_at: '2026-01-01T00:00:00Z' }
const say = (json: object): CommandResult => ({
  exitCode: 1,
  stdout: JSON.stringify({ ready: true, secrets: [], files: [], ...json }),
})
const failing = say({ secrets: [{ path: 'secret/data/app', kind: 'read', failure }] })

async function examine(pod: V1Pod, exec: () => CommandResult = () => say({})) {
  const examination = {
    cluster: createStubCluster({ exec }),
    scope: { namespace: 'demo', target: undefined },
    installation: undefined,
    backend: { podLabels: '', deployment: undefined },
    defaults: usualDefaults(),
    knowsDefaults: false,
    now: 0,
  }
  const { results } = await examineAgents(examination, [pod])
  return results.filter(({ kind }) => kind !== 'passed')
}

const describeResult = (result: Result) =>
  result.kind === 'failed' ? `${result.check}: ${result.detail}` : `${result.kind} ${result.check}`

describe('a pod', () => {
  test.each<[string, V1Pod, CommandResult, readonly string[]]>([
    ['that is well', makePod(withSidecar(running)), say({}), []],
    [
      'whose sidecar cannot refresh',
      makePod(withSidecar(running)),
      failing,
      ['agent-failing: store_refused, 2 times at secret/data/app'],
    ],
    [
      'whose init container waits',
      makePod({ initContainerStatuses: [{ ...common, name: 'vault-agent-init', state: running }] }),
      say({ ready: false, login_failure: failure }),
      ['agent-stuck: store_refused, 2 times'],
    ],
    [
      'whose sidecar ends again and again',
      makePod(
        withSidecar({ waiting: { reason: 'CrashLoopBackOff' } }, { terminated: { exitCode: 1 } }),
      ),
      say({}),
      ['agent-crashes: vault-agent: 3 restarts, exit code 1'],
    ],
    [
      'whose sidecar has ended again just now',
      makePod(withSidecar({ terminated: { exitCode: 1 } })),
      say({}),
      ['agent-crashes: vault-agent: 3 restarts, exit code 1'],
    ],
    [
      'whose sidecar was killed for its memory',
      makePod(withSidecar(running, { terminated: { exitCode: 137, reason: 'OOMKilled' } })),
      say({}),
      ['agent-out-of-memory: vault-agent: limit none'],
    ],
    [
      'whose image is not there',
      makePod(withSidecar({ waiting: { reason: 'ImagePullBackOff' } })),
      say({}),
      ['image-not-pulled: vault-agent: ImagePullBackOff agent:1'],
    ],
    [
      'that was evicted for its secrets',
      makePod({
        reason: 'Evicted',
        message: 'Usage of EmptyDir volume "vault-secrets" exceeds the limit "16Mi". ',
      }),
      say({}),
      ['volume-full: volume vault-secrets'],
    ],
    [
      'that was evicted for something else',
      makePod({ reason: 'Evicted', message: 'EmptyDir volume "cache" exceeds the limit "1Gi".' }),
      say({}),
      [],
    ],
    [
      'whose native sidecar is taken for an ordinary init container',
      makePod({}, { initContainers: [{ name: 'vault-agent' }], containers: [] }),
      say({}),
      ['native-sidecar-unsupported: '],
    ],
  ])('%s', async (_, pod, said, expected) => {
    expect((await examine(pod, () => said)).map(describeResult)).toEqual(expected)
  })

  test('that cannot be asked', async () => {
    const late = () => {
      throw new AppError('kubernetes_refused', { cause: 'ETIMEDOUT' })
    }
    const [result] = await examine(makePod(withSidecar(running)), late)
    expect(result).toMatchObject({ kind: 'failed', check: 'agent-not-reachable' })
  })

  test('that may not be asked is not examined', async () => {
    const forbidden = () => {
      throw new AppError('kubernetes_refused', { operation: 'create pods/exec', status: 403 })
    }
    const [result] = await examine(makePod(withSidecar(running)), forbidden)
    expect(result).toMatchObject({ kind: 'skipped', check: 'agent-not-reachable' })
  })
})
