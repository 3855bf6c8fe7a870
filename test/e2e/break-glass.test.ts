/** Injection that is switched off for a time, and is on again by itself. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { changeGuards, readCaller } from '../../cli/break-glass/break-glass.ts'
import { release } from './claviger.ts'
import { until } from './polling.ts'
import { openCommandLine, runClaviger } from './support/command-line.ts'
import { fixture, openMachine } from './support/machine.ts'
import { admitted, annotatedPod, prepareNamespace } from './support/pods.ts'

const machine = openMachine()
const cluster = openCommandLine(machine)
const name = `${release.name}-webhook`
const installed = { release: release.name }
const breakGlass = (...words: readonly string[]) =>
  runClaviger(machine, ['break-glass', `-release=${release.name}`, ...words])
let manifest = ''
let hadPolicy = true

beforeAll(async () => {
  await prepareNamespace(machine)
  manifest = await annotatedPod(machine, 'break-glass', {
    'vault.hashicorp.com/agent-inject': 'true',
    'vault.hashicorp.com/role': 'app',
    'vault.hashicorp.com/agent-inject-secret-key': 'secret/data/app/database',
  })
  const { status } = await machine.kubectl.tryRun(['get', 'validatingadmissionpolicy', name])
  hadPolicy = status === 0
  if (!hadPolicy) await machine.kubectl.run(['apply', '--filename', '-'], fixture('policy.yaml'))
  await awaitInjection(true)
})

afterAll(async () => {
  await changeGuards(cluster, installed, undefined)
  if (!hadPolicy) await machine.kubectl.run(['delete', '--filename', '-'], fixture('policy.yaml'))
  await awaitInjection(true)
})

/** Until the API server, which hears of changes a moment later, acts on them. */
async function awaitInjection(wanted: boolean): Promise<void> {
  await until({
    what: wanted ? 'the pod to be injected' : 'the pod to be let through as it is',
    probe: async () => {
      const { spec } = await admitted(machine, manifest)
      return spec?.containers.some((container) => container.name === 'vault-agent') === wanted
        ? true
        : undefined
    },
  })
}

async function readGuardObjects() {
  const read = async (kind: string) => {
    const object = JSON.parse(await machine.kubectl.run(['get', kind, name, '--output', 'json']))
    const { webhooks, spec, metadata } = object
    return { webhooks, spec, annotations: metadata.annotations ?? {} }
  }
  return [await read('mutatingwebhookconfiguration'), await read('validatingadmissionpolicy')]
}

test('ends by itself, and what it leaves behind changes nothing', async () => {
  const { now } = await readCaller(cluster, Date.now())
  const disarming = { until: now + 8000, by: 'a test', reason: '' }
  await changeGuards(cluster, installed, disarming)
  await awaitInjection(false)
  await awaitInjection(true)
  const { now: later } = await readCaller(cluster, Date.now())
  expect(later).toBeGreaterThanOrEqual(disarming.until)
  const { stdout } = await breakGlass()
  expect(stdout).toBe(
    `MutatingWebhookConfiguration ${name}: armed\nValidatingAdmissionPolicy ${name}: armed\n`,
  )
})

describe('claviger break-glass', () => {
  test('-for says what is switched off, by whom, why and until when', async () => {
    const { status, stdout } = await breakGlass('-for=2m', '-reason=a test of ours')
    expect(status).toBe(0)
    expect(stdout).toMatch(/^disarmed until \S+Z \(for 2m\), by admin: a test of ours\n/)
    expect(stdout).toContain(`MutatingWebhookConfiguration ${name}: injects no pods`)
    expect(stdout).toContain(`ValidatingAdmissionPolicy ${name}: denies no pods`)
    await awaitInjection(false)
    const shown = await breakGlass()
    expect(shown.stdout).toMatch(/injects no pods until .*, by admin: a test of ours\n/)
  })

  test('survives what `helm upgrade` applies', async () => {
    const { webhooks } = (await readGuardObjects())[0] ?? {}
    // As the chart has them: neither CA bundle nor our condition.
    const applied = webhooks.map(({ clientConfig, matchConditions, ...rest }: Webhook) => ({
      ...rest,
      clientConfig: { service: clientConfig.service },
      matchConditions: matchConditions.filter((condition) => condition.name !== 'break-glass'),
    }))
    const apply = ['apply', '--server-side', '--field-manager=helm', '--force-conflicts']
    const object = {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name },
      webhooks: applied,
    }
    const args = [...apply, '--dry-run=server', '--filename', '-', '--output', 'json']
    const after = JSON.parse(await machine.kubectl.run(args, JSON.stringify(object)))
    expect(after.webhooks).toEqual(webhooks)
  })

  test('-end switches it on again and leaves no trace', async () => {
    const { status, stdout } = await breakGlass('-end')
    expect([status, stdout.split('\n')[0]]).toEqual([
      0,
      `MutatingWebhookConfiguration ${name}: armed`,
    ])
    await awaitInjection(true)
    expect(JSON.stringify(await readGuardObjects())).not.toMatch(/break-glass|disarmed/)
  })
})

interface Webhook {
  readonly clientConfig: { readonly service: object }
  readonly matchConditions: readonly { readonly name: string }[]
}
