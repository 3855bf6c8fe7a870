/** What an operator does once: Kubernetes auth against this cluster, a KV store, a policy and a role. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { type Certificates, readCertificate } from '../cluster/certificates.ts'
import type { Kubectl } from '../cluster/kubectl.ts'
import { administrator } from '../postgresql/server.ts'
import { apiServerUrl, postgresql } from '../settings.ts'
import { goProgram } from '../tools/go-programs.ts'
import type { VaultClient } from './client.ts'

/** The one role: ServiceAccount `app` in namespace `demo` may read below `secret/app/`. */
export const role = 'app'
export const namespace = 'demo'
export const serviceAccount = 'app'

/** The connection of the database engine. */
export const database = 'postgres'

const reviewer = { name: 'vault-reviewer', namespace: 'vault' }

const policy = `path "secret/data/app/*" {
  capabilities = ["read"]
}
`

export async function setUpVault(
  vault: VaultClient,
  kubectl: Kubectl,
  certificates: Certificates,
): Promise<void> {
  await vault.call('POST', 'sys/mounts/secret', { type: 'kv', options: { version: '2' } })
  await vault.call('PUT', 'sys/policies/acl/app', { policy })
  await registerPlugin(vault, { path: 'auth/kubernetes', program: 'kubernetes-auth' })
  await vault.call('POST', 'sys/auth/kubernetes', { type: 'kubernetes' })
  await vault.call('POST', 'auth/kubernetes/config', {
    kubernetes_host: apiServerUrl,
    kubernetes_ca_cert: readCertificate(certificates.authority),
    token_reviewer_jwt: await createReviewer(kubectl),
    disable_local_ca_jwt: true,
  })
  await vault.call('POST', `auth/kubernetes/role/${role}`, {
    bound_service_account_names: serviceAccount,
    bound_service_account_namespaces: namespace,
    token_policies: 'app',
    token_ttl: '1h',
  })
}

/** What the tests of dynamic secrets need beside it: an engine whose users are PostgreSQL's. */
export async function setUpDatabase(vault: VaultClient): Promise<void> {
  await registerPlugin(vault, { path: 'database/postgresql', program: 'postgresql' })
  await vault.call('POST', 'sys/mounts/database', { type: 'database' })
  await vault.call('POST', `database/config/${database}`, {
    plugin_name: 'postgresql',
    allowed_roles: '*',
    connection_url: `postgresql://{{username}}:{{password}}@${postgresql.host}:${postgresql.port}/postgres?sslmode=disable`,
    username: administrator.name,
    password: administrator.password,
  })
}

interface Plugin {
  /** `type/name` in the catalog. */
  readonly path: string
  readonly program: string
}

async function registerPlugin(vault: VaultClient, { path, program }: Plugin): Promise<void> {
  const binary = goProgram(program)
  await vault.call('PUT', `sys/plugins/catalog/${path}`, {
    sha256: createHash('sha256').update(readFileSync(binary)).digest('hex'),
    command: basename(binary),
  })
}

/** Vault asks the API server about the tokens that pods show, as this ServiceAccount. */
async function createReviewer(kubectl: Kubectl): Promise<string> {
  const inNamespace = ['--namespace', reviewer.namespace]
  await kubectl.run(['create', 'namespace', reviewer.namespace])
  await kubectl.run([...inNamespace, 'create', 'serviceaccount', reviewer.name])
  await kubectl.run([
    ...['create', 'clusterrolebinding', reviewer.name, '--clusterrole=system:auth-delegator'],
    `--serviceaccount=${reviewer.namespace}:${reviewer.name}`,
  ])
  const token = [...inNamespace, 'create', 'token', reviewer.name, '--duration=8h']
  return (await kubectl.run(token)).trim()
}
