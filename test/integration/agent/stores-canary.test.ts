/** Markers planted in a secret of every store, and everything searched that the agent says of itself, good and bad. */
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { AgentFolder } from '../../support/agent-process.ts'
import { canary, expectClean } from '../../support/canary.ts'
import { startCollector } from '../../support/collector.ts'
import { type EveryStore, startEveryStore } from '../../support/stores/every-store.ts'

let folder: AgentFolder
let every: EveryStore
beforeEach(async () => {
  folder = new AgentFolder()
  every = await startEveryStore({ password: canary.value })
})
afterEach(async () => {
  await folder.remove()
  await every.stop()
})

function ask(socketPath: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    request({ socketPath, path }, (response) => void text(response).then(resolve, reject))
      .on('error', reject)
      .end()
  })
}

/** What the stores gave for identities, from the state. */
function keptSecrets(statePath: string): readonly string[] {
  const { stores } = JSON.parse(readFileSync(statePath, 'utf8'))
  return Object.values<{ readonly memory: Readonly<Record<string, string>> }>(stores).flatMap(
    ({ memory }) => Object.values(memory),
  )
}

test('nothing that an agent says of itself holds a secret, a token or a key of any store', async () => {
  const socket = join(folder.root, 'agent.sock')
  const statePath = join(folder.root, 'state.json')
  const logPath = join(folder.root, 'agent.log')
  const stores = Object.fromEntries(
    Object.entries(every.stores).map(([name, settings]) => [name, { ...settings, refresh: '2s' }]),
  )
  const keys = every.references.map((reference) =>
    reference.startsWith('k8s:') ? `${reference}#value.password` : `${reference}#password`,
  )
  const all = keys.map((key) => `{{ secret "${key}" }}\n`).join('')
  const lacking = every.references
    .map((reference) => `{{ secret "${reference}#passwrd" }}`)
    .join('')
  const computed = '{{ with secret "file:app#password" }}{{ secret (printf "db:%s" .) }}{{ end }}'
  const template = [
    { destination: join(folder.secrets, 'all'), contents: all },
    { destination: join(folder.secrets, 'lacking'), contents: lacking },
    { destination: join(folder.secrets, 'computed'), contents: computed },
  ]
  const collector = await startCollector()
  const config = {
    template,
    listener: [{ type: 'unix', address: socket, tls_disable: true }],
    log_file: logPath,
    claviger: { state_path: statePath, stores, traces: { endpoint: collector.address } },
  }
  const path = folder.write('agent.json', JSON.stringify(config))
  const agent = folder.run(['agent', `-config=${path}`, '-log-level=trace'], every.environment)
  await agent.waitFor(/file written/)
  expect(folder.files()['all']).toBe(keys.map(() => `${canary.value}\n`).join(''))
  const before = agent.lines.length
  await every.fail()
  for (const code of ['store_refused', 'store_busy', 'store_answer_invalid']) {
    await agent.waitFor(new RegExp(`store request failed.*${code}`), before)
  }
  const questions = [['status'], ['status', '-json']].map((words) =>
    folder.run([...words, `-config=${path}`]),
  )
  await Promise.all(questions.map(({ exited }) => exited))
  const said = [
    agent.lines.join('\n'),
    ...questions.map(({ lines }) => lines.join('\n')),
    await ask(socket, '/readyz?verbose'),
    await ask(socket, '/agent/v1/metrics?format=prometheus'),
    readFileSync(logPath, 'utf8'),
    readFileSync(`/proc/${agent.pid}/cmdline`, 'utf8'),
    ...collector.requests.map(({ text: sent }) => sent),
  ].join('\n')
  await collector.close()
  for (const reference of every.references) expect(said).toContain(reference)
  expect(said).toContain('(computed by a template)')
  const traced = new Set(collector.spans.map(({ attributes }) => attributes['claviger.store.name']))
  for (const name of Object.keys(stores)) expect(traced).toContain(name)
  expect(collector.faults).toEqual([])
  expectClean(said)
  expectClean(readFileSync(`/proc/${agent.pid}/environ`, 'utf8'))
  const kept = keptSecrets(statePath)
  expect(kept.length).toBeGreaterThan(0)
  for (const secret of [...every.tokens(), ...kept]) expect(said).not.toContain(secret)
})

test('a process goes on with the credentials that the one before it was given', async () => {
  const statePath = join(folder.root, 'state.json')
  const contents = '{{ secret "aws:app#password" }}{{ secret "ssm:app#password" }}'
  const config = {
    template: [{ destination: join(folder.secrets, 'a'), contents }],
    claviger: { state_path: statePath, stores: { ...every.stores } },
  }
  const path = folder.write('agent.json', JSON.stringify(config))
  const init = folder.run(['agent', `-config=${path}`, '-exit-after-auth'])
  expect(await init.exited).toBe(0)
  const kept = keptSecrets(statePath)
  const next = folder.run(['agent', `-config=${path}`, '-exit-after-auth'])
  expect(await next.exited).toBe(0)
  expect(keptSecrets(statePath)).toEqual(kept)
})
