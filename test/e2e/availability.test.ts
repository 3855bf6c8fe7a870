/** The webhook through everything that an operator does to it, and with nobody there, seen from the API server. */
import { X509Certificate } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { helm } from './claviger.ts'
import { until } from './polling.ts'
import { repository } from './settings.ts'
import { AdmissionStream } from './support/admission-stream.ts'
import { openMachine } from './support/machine.ts'
import { findProcesses } from './support/machine-processes.ts'
import { annotatedPod, prepareNamespace, tryAdmit } from './support/pods.ts'
import {
  changeCertificates,
  inRelease,
  readBundles,
  readCertificates,
  readServed,
  webhookDeployment,
  webhookSelector,
} from './support/webhook-pods.ts'

const machine = openMachine()
const { kubeconfig } = machine.context
const previousChart = join(repository, 'test/e2e/fixtures/previous-chart.tgz')
const annotations = {
  'vault.hashicorp.com/agent-inject': 'true',
  'vault.hashicorp.com/role': 'app',
  'vault.hashicorp.com/agent-inject-secret-key': 'secret/data/app/database',
}

describe('while pods are created without a pause', () => {
  const wanted = 10_000
  let stream: AdmissionStream

  beforeAll(async () => {
    await prepareNamespace(machine)
    await helm('upgrade', kubeconfig, { chart: previousChart })
    const pod = await annotatedPod(machine, 'streamed', annotations)
    stream = new AdmissionStream({ kubeconfig, pod, connections: 4 })
    stream.start()
  })

  afterAll(() => stream.stop())

  test('the previous chart is upgraded, and the certificates stay', async () => {
    const before = await readCertificates(machine)
    expect(Object.keys(before)).toContain('ca.key')
    await helm('upgrade', kubeconfig)
    expect(await readCertificates(machine)).toEqual(before)
    expect(new Set(await readBundles(machine))).toEqual(new Set([before['ca.crt']]))
  })

  test('the webhook restarts pod by pod', async () => {
    await inRelease(machine, ['rollout', 'restart', webhookDeployment])
    await inRelease(machine, ['rollout', 'status', webhookDeployment, '--timeout', '5m'])
  })

  test('the certificate is renewed', async () => {
    const before = await readCertificates(machine)
    const patch = JSON.stringify([{ op: 'remove', path: '/data/tls.crt' }])
    await changeCertificates(machine, ['patch', '--type', 'json', '--patch', patch])
    await awaitServed(before['tls.crt'])
    expect((await readCertificates(machine))['ca.crt']).toBe(before['ca.crt'])
  })

  test('the CA is rotated', async () => {
    const before = await readCertificates(machine)
    await changeCertificates(machine, ['annotate', 'claviger.dev/rotate-ca=now'])
    await awaitServed(before['tls.crt'])
    const { 'ca.crt': bundle = '', 'tls.crt': leaf = '' } = await readCertificates(machine)
    const newest = new X509Certificate(bundle)
    expect(before['ca.crt']).not.toContain(newest.toString().trim())
    expect(new X509Certificate(leaf).verify(newest.publicKey)).toBe(true)
    expect(new Set(await readBundles(machine))).toEqual(new Set([bundle]))
  })

  test(`none of ${wanted} pods was refused or left without its agent`, async () => {
    await until({ what: `${wanted} pods`, probe: async () => stream.count >= wanted || undefined })
    const { count, failures, failureCount, slowestMs } = await stream.stop()
    console.log(`[e2e] admissions: ${count}, failures: ${failureCount}, slowest: ${slowestMs} ms`)
    expect(failures).toEqual([])
  })

  /** Every replica serves what the Secret holds, and that is another one than `before`. */
  function awaitServed(before: string | undefined): Promise<true> {
    return until({
      what: 'a new certificate from every replica',
      probe: async () => {
        const { 'tls.crt': wanted = '' } = await readCertificates(machine)
        if (wanted === '' || wanted === before) return undefined
        const served = await readServed(machine)
        const { fingerprint256 } = new X509Certificate(wanted)
        return served.every((each) => each.fingerprint256 === fingerprint256) || undefined
      },
    })
  }
})

describe('while no webhook answers', () => {
  let plain: string
  let annotated: string

  beforeAll(async () => {
    await prepareNamespace(machine)
    plain = await annotatedPod(machine, 'plain', {})
    annotated = await annotatedPod(machine, 'refused', annotations)
  })

  describe.each([
    ['all its pods are gone', removePods],
    ['its pods hang', freezePods],
  ])('because %s', (_, disturb) => {
    let mend: () => Promise<void>

    beforeAll(async () => {
      mend = await disturb()
    })

    afterAll(() => mend())

    test('pods without annotations are created, and nobody waits for them', async () => {
      const { status, took } = await measure(() => tryAdmit(machine, plain))
      expect(status).toBe(0)
      expect(took).toBeLessThan(webhookTimeoutMs)
    })

    test('annotated pods are refused once the webhook has had its time, with what to do', async () => {
      const { status, stderr, took } = await measure(() => tryAdmit(machine, annotated))
      expect(status).not.toBe(0)
      expect(stderr).toMatch(/without its secrets.*rollout status deployment\/claviger-webhook/)
      // Far from the 30 s of a client's patience and of vault-k8s.
      expect(took).toBeLessThan(3 * webhookTimeoutMs)
    })
  })

  test('injection is back as soon as the webhook is', async () => {
    const { status } = await until({
      what: 'an admission',
      probe: async () => {
        const finished = await tryAdmit(machine, annotated)
        return finished.status === 0 ? finished : undefined
      },
    })
    expect(status).toBe(0)
  })
})

const webhookTimeoutMs = 5_000

async function measure<T extends object>(work: () => Promise<T>): Promise<T & { took: number }> {
  const start = performance.now()
  const result = await work()
  return { ...result, took: performance.now() - start }
}

async function removePods(): Promise<() => Promise<void>> {
  const scale = (replicas: number) =>
    inRelease(machine, ['scale', webhookDeployment, `--replicas=${replicas}`])
  await scale(0)
  await until({
    what: 'the webhook’s pods to be gone',
    probe: async () => {
      // What is ending still drains and answers.
      const pods = await inRelease(machine, [
        'get',
        'pods',
        '--selector',
        webhookSelector,
        '--output',
        'name',
      ])
      return pods === '' || undefined
    },
  })
  return async () => {
    await scale(2)
    await inRelease(machine, ['rollout', 'status', webhookDeployment, '--timeout', '5m'])
  }
}

/** They keep their connections and answer nothing. */
async function freezePods(): Promise<() => Promise<void>> {
  const pids = findProcesses('/claviger/webhook.cjs\0agent-inject')
  expect(pids).toHaveLength(2)
  for (const pid of pids) process.kill(pid, 'SIGSTOP')
  return async () => {
    for (const pid of pids) process.kill(pid, 'SIGCONT')
  }
}
