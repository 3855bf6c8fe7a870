/** What `claviger doctor` and `status` read out of an injected pod. */
import { expect, test } from '@jest/globals'
import jsonPatch from 'fast-json-patch'
import { listFilesOf, readPodAgent } from '../../../cli/cluster/pod-agent.ts'
import { type Annotations, inject } from '../../support/own-agent.ts'

async function readAgent(annotations: Annotations) {
  const { patch } = inject({ 'agent-inject-secret-a': undefined, ...annotations })
  const pod = {
    metadata: { annotations: {} },
    spec: { containers: [{ name: 'app', volumeMounts: [] }], volumes: [] },
  }
  jsonPatch.applyPatch(pod, [...patch])
  const reading = await readPodAgent(pod)
  if (reading.kind === 'unknown') throw new Error(reading.reason)
  return reading.value
}

test('paths of Vault and references to other stores are told apart', async () => {
  const { config, files } = await readAgent({
    'agent-inject-secret-db': 'aws:prod/db#password@AWSPREVIOUS?',
    'agent-inject-secret-key': 'secret/data/app#key',
    'agent-inject-template-t': '{{ secret "aws:prod/db" }}{{ secret "secret/app?version=2" }}',
  })
  expect(config.auth).toBeDefined()
  expect(files.map(({ paths, others }) => [paths, others])).toEqual([
    [[], ['aws:prod/db@AWSPREVIOUS']],
    [['secret/data/app'], []],
    [['secret/app?version=2'], ['aws:prod/db']],
  ])
  expect(listFilesOf('aws:prod/db', files)).toEqual(['t'])
  expect(listFilesOf('secret/data/app', files)).toEqual(['key'])
})

test('an agent that reads nothing from Vault has no login', async () => {
  const { config } = await readAgent({ role: undefined, 'agent-inject-secret-db': 'aws:prod/db' })
  expect(config.auth).toBeUndefined()
  expect([...config.own.stores.keys()]).toEqual(['aws'])
})
