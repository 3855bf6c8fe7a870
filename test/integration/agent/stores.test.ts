/** The built agent with stores beside Vault: files of a directory, and a Kubernetes API that tells of changes. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { AgentFolder } from '../../support/agent-process.ts'
import {
  kvBody,
  loginAnswer,
  type Script,
  type ScriptedVault,
  startScriptedVault,
} from '../../support/scripted-vault.ts'
import { createFakeKubernetesPeer } from '../../support/stores/kubernetes-peer.ts'
import type { RunningPeer } from '../../support/stores/store-peer.ts'

const peer = createFakeKubernetesPeer()

let folder: AgentFolder
let cluster: RunningPeer
let directory: string
beforeEach(async () => {
  folder = new AgentFolder()
  directory = join(folder.root, 'store')
  mkdirSync(directory)
  writeFileSync(join(directory, 'db'), '{"password":"of a file"}')
  cluster = await peer.start()
  await cluster.put('app', Buffer.from('of a cluster'))
})
afterEach(async () => {
  await folder.remove()
  await cluster.stop()
})

function stores(changes: object = {}) {
  const { server, namespace, tokenPath } = peer.place()
  return {
    file: { directory, refresh: '1s' },
    k8s: { server, namespace, token_path: tokenPath, refresh: '1h' },
    ...changes,
  }
}

const contents = [
  '{{ with secret "secret/data/app" }}{{ .Data.data.password }}{{ end }}',
  '{{ secret "file:db#password" }}',
  '{{ (secret "k8s:app").Data.value }}',
].join(' and ')

function configOf(given: object, others: object = {}) {
  return {
    template: [{ destination: join(folder.secrets, 'all'), contents }],
    claviger: { state_path: join(folder.root, 'state.json'), stores: given },
    ...others,
  }
}

async function withVault(script: Script, run: (vault: ScriptedVault) => Promise<void>) {
  const vault = await startScriptedVault(script)
  try {
    await run(vault)
  } finally {
    await vault.close()
  }
}

const good: Script = ({ path }) =>
  path.startsWith('auth/') ? loginAnswer : kvBody({ password: 'of Vault' })

test('one file is made of three stores, and changes in them reach it: at the interval, and at once where they are told', async () => {
  await withVault(good, async ({ address }) => {
    const agent = folder.start(folder.config(address, configOf(stores())))
    await agent.waitFor(/file written/)
    expect(folder.files()).toEqual({ all: 'of Vault and of a file and of a cluster' })
    let seen = agent.lines.length
    writeFileSync(join(directory, 'db'), '{"password":"changed"}')
    await agent.waitFor(/file written/, seen)
    expect(folder.files()).toEqual({ all: 'of Vault and changed and of a cluster' })
    seen = agent.lines.length
    await cluster.put('app', Buffer.from('told'))
    await agent.waitFor(/file written/, seen)
    expect(folder.files()).toEqual({ all: 'of Vault and changed and told' })
    await agent.stop()
  })
})

test('an agent without Vault renders, says how its stores are, and goes on from its state', async () => {
  const file = { destination: join(folder.secrets, 'db'), format: 'raw', secret: 'db#password' }
  const claviger = {
    state_path: join(folder.root, 'state.json'),
    stores: stores({ k8s: undefined }),
    default_store: 'file',
  }
  const config = folder.write('agent.json', JSON.stringify({ template: [file], claviger }))
  const agent = folder.run(['agent', `-config=${config}`, '-exit-after-auth'])
  expect(await agent.exited).toBe(0)
  expect(folder.files()).toEqual({ db: 'of a file' })
  const status = folder.run(['status', `-config=${config}`])
  expect(await status.exited).toBe(0)
  const said = status.lines.join('\n')
  expect(said).toMatch(/^STORE +TYPE +ASKED AGAIN +ERROR\nfile +file +- +-$/m)
  expect(said).toMatch(/^file:db +read /m)
})

test('a Vault that does not answer keeps no file of another store waiting', async () => {
  await withVault(
    () => 'hang',
    async ({ address }) => {
      const template = [
        { destination: join(folder.secrets, 'k8s'), format: 'raw', secret: 'k8s:app#value' },
      ]
      const agent = folder.start(folder.config(address, configOf(stores(), { template })))
      await agent.waitFor(/file written/)
      expect(folder.files()).toEqual({ k8s: 'of a cluster' })
      await agent.stop()
    },
  )
})

test('a start names every key that is missing', async () => {
  await withVault(good, async ({ address }) => {
    const template = [
      {
        destination: join(folder.secrets, 'db'),
        contents:
          '{{ secret "file:db#pasword" }}{{ secret "k8s:app#host" }}{{ secret "file:x#y?" }}',
      },
    ]
    const claviger = { init_deadline: '1s', stores: stores() }
    const others = { template, claviger, exit_after_auth: true, template_config: {} }
    const agent = folder.start(folder.config(address, others))
    expect(await agent.exited).toBe(1)
    const end = agent.lines.at(-1) ?? ''
    expect(end).toMatch(/deadline_exceeded/)
    expect(end).toMatch(
      /db: key_missing: file:db#pasword \(did you mean password\?\), k8s:app#host/,
    )
    expect(folder.files()).toEqual({})
  })
})

test('keys that do not change are told of in a pod', async () => {
  const template = [{ destination: join(folder.secrets, 'db'), format: 'raw', secret: 'file:db' }]
  const config = { template, claviger: { stores: stores({ aws: {} }) } }
  const agent = folder.start(config, {
    KUBERNETES_SERVICE_HOST: '127.0.0.1',
    AWS_SECRET_ACCESS_KEY: 'static-canary',
  })
  await agent.waitFor(/static key in a pod.*AWS_SECRET_ACCESS_KEY/)
  await agent.stop()
  expect(agent.lines.join('\n')).not.toContain('static-canary')
})
