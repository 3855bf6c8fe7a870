/** Markers planted where secrets are, and everything searched that an agent says of itself: listener, status, log file, commands, its own process. */
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { AgentFolder } from '../../support/agent-process.ts'
import { canary, expectClean } from '../../support/canary.ts'
import { type Collector, startCollector } from '../../support/collector.ts'
import { kvBody, type ScriptedVault, startScriptedVault } from '../../support/scripted-vault.ts'

let folder: AgentFolder
let store: ScriptedVault
let collector: Collector
beforeEach(async () => {
  folder = new AgentFolder()
  collector = await startCollector()
  const login = { auth: { client_token: canary.token, lease_duration: 3600, renewable: true } }
  store = await startScriptedVault(({ path }) => {
    if (path.startsWith('auth/')) return { status: 200, body: login }
    if (path.includes('broken')) return { status: 500, body: { errors: [canary.body] } }
    return path.includes(canary.value)
      ? { status: 403, body: { errors: [canary.body] } }
      : kvBody({ password: canary.value })
  })
})
afterEach(async () => {
  await folder.remove()
  await collector.close()
  await store.close()
})

const secret = '{{ with secret "secret/data/app" }}{{ .Data.data.password }}{{ end }}'

function configOf(changes: object): object {
  const socket = join(folder.root, 'agent.sock')
  return folder.config(store.address, {
    listener: [{ type: 'unix', address: socket, tls_disable: true }],
    cache: {},
    template_config: {},
    log_file: join(folder.root, 'agent.log'),
    ...changes,
  })
}

function ask(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath: join(folder.root, 'agent.sock'), path }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => resolve(text))
    })
    asked.on('error', reject)
    asked.end()
  })
}

test('nothing that an agent says of itself holds a secret', async () => {
  const template = [
    { destination: join(folder.secrets, 'app'), contents: secret, command: 'exit 3' },
    {
      destination: join(folder.secrets, 'broken'),
      contents: '{{ with secret "broken/x" }}{{ end }}',
    },
    {
      destination: join(folder.secrets, 'computed'),
      contents: `{{ with secret "secret/data/app" }}{{ with secret .Data.data.password }}{{ end }}{{ end }}`,
    },
  ]
  const claviger = {
    state_path: join(folder.root, 'state', 'state.json'),
    traces: {
      endpoint: collector.address,
      headers_path: folder.write('headers', `x-key=${canary.token}`),
    },
  }
  const path = folder.write('agent.json', JSON.stringify(configOf({ template, claviger })))
  const agent = folder.run(['agent', `-config=${path}`, '-log-level=trace'], {
    PATH: process.env['PATH'] ?? '',
  })
  await agent.waitFor(/command failed/)
  await collector.hears(1)
  const status = folder.run(['status', `-config=${path}`])
  const json = folder.run(['status', '-json', `-config=${path}`])
  await Promise.all([status.exited, json.exited])
  const said = [
    agent.lines.join('\n'),
    status.lines.join('\n'),
    json.lines.join('\n'),
    await ask('/readyz?verbose'),
    await ask('/agent/v1/metrics'),
    await ask('/agent/v1/metrics?format=prometheus'),
    readFileSync(join(folder.root, 'agent.log'), 'utf8'),
    readFileSync(`/proc/${agent.pid}/cmdline`, 'utf8'),
    readFileSync(`/proc/${agent.pid}/environ`, 'utf8'),
    ...collector.requests.map(({ text }) => text),
  ]
  expect(said.join('\n')).toContain('secret/data/app')
  for (const text of said) expectClean(text)
  expect(collector.faults).toEqual([])
  expect(collector.spans.map(({ name }) => name)).toContain('login')
  expect(JSON.stringify(collector.requests)).toContain('(computed by a template)')
})

test.each([
  ['a listener hands a refusal on', 'listener'],
  ['a token file is read', 'token_file'],
  ['an approle logs in', 'approle'],
])('nothing is logged of a secret when %s', async (_, name) => {
  const file = folder.write('credential', canary.token)
  const methods: Readonly<Record<string, object>> = {
    token_file: { type: 'token_file', config: { token_file_path: file } },
    approle: {
      type: 'approle',
      config: { role_id_file_path: folder.write('role', 'role'), secret_id_file_path: file },
    },
  }
  const method = methods[name]
  const template = [{ destination: join(folder.secrets, 'app'), contents: secret }]
  const login = method === undefined ? {} : { auto_auth: { method } }
  const path = folder.write('agent.json', JSON.stringify(configOf({ template, ...login })))
  const agent = folder.run(['agent', `-config=${path}`, '-log-level=trace'])
  await agent.waitFor(name === 'token_file' ? /logged in|failed/ : /file written/)
  await ask(`/v1/secret/data/${canary.value}`)
  await agent.stop()
  expectClean(agent.lines.join('\n'))
})

test('the environment of a supervised process is the only place that has its secrets', async () => {
  const { template: _, ...config } = { template: [], ...configOf({}) }
  const supervising = {
    ...config,
    env_template: [{ PASSWORD: { contents: secret } }],
    exec: { command: ['sh', '-c', 'echo started; exec sleep 300'] },
  }
  const path = folder.write('agent.json', JSON.stringify(supervising))
  const agent = folder.run(['agent', `-config=${path}`, '-log-level=trace'], {
    PATH: process.env['PATH'] ?? '',
  })
  await agent.waitFor(/started/)
  expectClean(readFileSync(`/proc/${agent.pid}/environ`, 'utf8'))
  await agent.stop()
  expectClean(agent.lines.join('\n'))
})
