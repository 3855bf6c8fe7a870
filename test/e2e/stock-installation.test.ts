/** Coming from vault-k8s: its installation with our image in it, and its values for our chart. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import type { V1Pod } from '@kubernetes/client-node'
import { writeValues } from '../../cli/convert/write.ts'
import { convertValues } from '../support/conversion.ts'
import { stockValues } from '../support/vault-helm-values.ts'
import { runCommand } from './commands.ts'
import { until } from './polling.ts'
import { paths, repository } from './settings.ts'
import { fixture, openMachine } from './support/machine.ts'
import { admitted, annotatedPod } from './support/pods.ts'

const machine = openMachine()

describe('the Deployment of vault-helm, with our image in it', () => {
  let pod: V1Pod

  beforeAll(async () => {
    await machine.kubectl.run(['apply', '--filename', '-'], fixture('stock-injector.yaml'))
    const manifest = await annotatedPod(machine, 'swapped', {
      'vault.hashicorp.com/agent-inject': 'true',
      'vault.hashicorp.com/role': 'app',
      'vault.hashicorp.com/agent-inject-secret-key': 'secret/data/app/database',
    })
    const { metadata, ...rest } = JSON.parse(manifest)
    delete rest.spec.serviceAccountName
    const there = JSON.stringify({ metadata: { ...metadata, namespace: 'stock-apps' }, ...rest })
    pod = await until({
      what: 'an injection by the Deployment',
      probe: async () => {
        const answer = await admitted(machine, there)
        return answer.spec?.initContainers === undefined ? undefined : answer
      },
    })
  })

  test('injects, and the pods keep the agent image that it names', () => {
    const agents = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])].filter(
      ({ name }) => name.startsWith('vault-agent'),
    )
    expect(agents.map(({ image }) => image)).toEqual(Array(2).fill('hashicorp/vault:1.21.2'))
    expect(agents.map(({ command }) => command)).toEqual(Array(2).fill(['/bin/sh', '-ec']))
  })

  test('publishes its CA where the API server looks for it', async () => {
    const path = 'jsonpath={.webhooks[0].clientConfig.caBundle}'
    const args = [
      'get',
      'mutatingwebhookconfiguration',
      'vault-agent-injector-cfg',
      '--output',
      path,
    ]
    const bundle = Buffer.from(await machine.kubectl.run(args), 'base64').toString()
    expect(bundle).toMatch(/^-----BEGIN CERTIFICATE-----/)
  })
})

test('values of vault-helm, converted, are values that the chart renders', async () => {
  const file = join(paths.state, 'converted.yaml')
  writeFileSync(file, writeValues(convertValues(stockValues)).text)
  const rendered = await runCommand({
    program: join(paths.binaries, 'helm'),
    args: ['template', 'converted', join(repository, 'charts/claviger'), '--values', file],
  })
  expect(rendered).toContain('-vault-address=https://vault.example.com:8200')
  expect(rendered).toContain('-run-as-user=1234')
})
