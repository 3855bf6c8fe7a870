/** Kubernetes Secrets: the contract of all stores on the real API server, with a ServiceAccount's token and no more rights than it needs. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll } from '@jest/globals'
import { createKubernetesPeer } from '../support/stores/kubernetes-peer.ts'
import { describeStoreContract } from '../support/stores/store-contract.ts'
import { apiServerUrl, paths } from './settings.ts'
import { openMachine } from './support/machine.ts'

const machine = openMachine()
const namespace = 'stores-contract'
const account = 'contract'
const verbs = ['get', 'list', 'watch', 'create', 'patch', 'delete']
const folder = mkdtempSync(join(paths.state, 'store-kubernetes-'))

const objects = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: account, namespace } },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: account, namespace },
    rules: [{ apiGroups: [''], resources: ['secrets'], verbs }],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: account, namespace },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: account },
    subjects: [{ kind: 'ServiceAccount', name: account, namespace }],
  },
]

describeStoreContract(
  'k8s on Kubernetes',
  createKubernetesPeer(async () => {
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects })
    await machine.kubectl.run(['apply', '--filename', '-'], list)
    const create = ['--namespace', namespace, 'create', 'token', account]
    const tokenPath = join(folder, 'token')
    writeFileSync(tokenPath, await machine.kubectl.run(create), { mode: 0o600 })
    const caPath = join(paths.certificates, 'authority.crt')
    return { server: apiServerUrl, namespace, tokenPath, caPath }
  }),
)

afterAll(async () => {
  await machine.kubectl.run(['delete', 'namespace', namespace, '--wait=false'])
  rmSync(folder, { recursive: true })
})
