/** Values that turn everything on, in the ways that exclude each other, and those of vault-helm's users. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from '../settings.ts'
import { anyAddress, type Rendering } from './render.ts'

const fixtures = join(repository, 'test/e2e/fixtures/vault-helm')

/** Name without ending → file. */
export const stockFiles: ReadonlyMap<string, string> = new Map(
  readdirSync(fixtures).map((file) => [file.replace('.yaml', ''), join(fixtures, file)]),
)

const full = {
  replicas: 3,
  profile: 'vault-k8s',
  namespaceDefaults: { enabled: true },
  policy: { mode: 'audit', rules: [{ name: 'own', roles: { allow: ['{serviceAccount}'] } }] },
  stores: { prod: { type: 'aws', settings: { region: 'eu-west-1' } }, shared: 'gcp project=p' },
  vaultCa: { secretName: 'store-ca' },
  networkPolicy: { enabled: true },
  priorityClassName: 'system-cluster-critical',
  hostNetwork: true,
  metrics: {
    enabled: true,
    port: 9090,
    serviceMonitor: { enabled: true, labels: { release: 'prometheus' } },
    podMonitor: { enabled: true },
    rules: { enabled: true },
    dashboard: { enabled: true },
  },
  tolerations: [{ operator: 'Exists' }],
  annotations: { a: 'b' },
  extraLabels: { c: 'd' },
  extraEnvironmentVars: { 'no.proxy': 10 },
}

/** Certificates come in four ways, of which each has rules of its own. */
export const certificates: Readonly<Record<string, object>> = {
  own: {},
  published: { secretName: 'tls' },
  given: { secretName: 'tls', caBundle: 'QUJD' },
  'cert-manager': { certManager: { enabled: true } },
}

export const renderings: ReadonlyMap<string, Rendering> = new Map([
  ['defaults', { values: anyAddress }],
  ['stores and no Vault', { values: { injector: { stores: full.stores } } }],
  ...Object.entries(certificates).map(([name, certs]): [string, Rendering] => [
    `everything, certificates ${name}`,
    { values: { ...anyAddress, imagePullSecrets: ['a'], injector: { ...full, certs } } },
  ]),
  ...[...stockFiles].map(([name, file]): [string, Rendering] => [
    `vault-helm, ${name}`,
    { files: [file], values: anyAddress },
  ]),
])
