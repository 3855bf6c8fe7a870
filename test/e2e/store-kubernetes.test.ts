/** Kubernetes Secrets: the contract of all stores on the real API server, with a ServiceAccount's token and no more rights than it needs. */
import { EventEmitter, once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, test } from '@jest/globals'
import { readOne, textBytes } from '../support/stores/contract-scene.ts'
import { createKubernetesPeer } from '../support/stores/kubernetes-peer.ts'
import { describeStoreContract } from '../support/stores/store-contract.ts'
import { until } from './polling.ts'
import { apiServerUrl, paths } from './settings.ts'
import { openMachine } from './support/machine.ts'

const machine = openMachine()
const namespace = 'stores-contract'
const account = 'contract'
const verbs = ['get', 'list', 'watch', 'create', 'patch', 'delete']
const watcher = 'watcher'
const folder = mkdtempSync(join(paths.state, 'store-kubernetes-'))

/** A ServiceAccount and what it may. */
const accountObjects = (name: string, rule: Readonly<Record<string, readonly string[]>>) => [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name, namespace },
    rules: [{ apiGroups: [''], resources: ['secrets'], ...rule }],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name, namespace },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
    subjects: [{ kind: 'ServiceAccount', name, namespace }],
  },
]

const objects = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
  ...accountObjects(account, { verbs }),
  ...accountObjects(watcher, { resourceNames: ['watched'], verbs: ['get', 'list', 'watch'] }),
]

async function tokenFile(name: string): Promise<string> {
  const path = join(folder, name)
  const create = ['--namespace', namespace, 'create', 'token', name]
  writeFileSync(path, await machine.kubectl.run(create), { mode: 0o600 })
  return path
}

const peer = createKubernetesPeer(async () => {
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects })
  await machine.kubectl.run(['apply', '--filename', '-'], list)
  const caPath = join(paths.certificates, 'authority.crt')
  return { server: apiServerUrl, namespace, tokenPath: await tokenFile(account), caPath }
})

describeStoreContract('k8s on Kubernetes', peer)

test('hears of changes with rights to one name alone, from the first moment', async () => {
  const { open, put, remove, stop } = await peer.start()
  await put('watched', textBytes('a'))
  const store = await open(new Map([['token_path', await tokenFile(watcher)]]))
  const first = await readOne(store, 'watched')
  const known = first.kind === 'read' ? first.answer.version : undefined
  await put('watched', textBytes('b'))
  const heard = new EventEmitter()
  const change = () => once(heard, 'watched')
  const meanwhile = change()
  const watch = store.watch?.([{ path: 'watched', known }], (path) => heard.emit(path))
  await meanwhile
  await until({ what: 'the watch to be live', probe: async () => watch?.isLive() || undefined })
  const deleted = change()
  await remove('watched')
  await deleted
  const made = change()
  await put('watched', textBytes('c'))
  await made
  watch?.close()
  await stop()
})

afterAll(async () => {
  await machine.kubectl.run(['delete', 'namespace', namespace, '--wait=false'])
  rmSync(folder, { recursive: true })
})
