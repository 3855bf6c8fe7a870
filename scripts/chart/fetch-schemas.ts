/**
 * Writes test/e2e/fixtures/kubernetes: what each version of Kubernetes, the Prometheus Operator and cert-manager take of the kinds that
 * the chart renders. Needs Go, which fetches the modules that the descriptions lie in: node scripts/chart/fetch-schemas.ts
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { load } from 'js-yaml'
import { closeSchema, readKubernetes } from './kubernetes-schemas.ts'

const folder = 'test/e2e/fixtures/kubernetes'
const versions = [
  ...['v1.29.6', 'v1.30.14', 'v1.31.14', 'v1.32.13', 'v1.33.13', 'v1.34.4', 'v1.35.4', 'v1.36.3'],
]
const operator = 'github.com/prometheus-operator/prometheus-operator@v0.85.0'
const operatorKinds = ['servicemonitors', 'podmonitors', 'prometheusrules']
const certManager = 'github.com/cert-manager/cert-manager@v1.21.2'

function fetchModule(module: string): string {
  const { stdout } = spawnSync('go', ['mod', 'download', '-json', module], { encoding: 'utf8' })
  return JSON.parse(stdout).Dir
}

function readDefinition(path: string): readonly (readonly [string, unknown])[] {
  const { spec } = Object(load(readFileSync(path, 'utf8')))
  const served = spec.versions.filter(({ served: isServed }: { served: boolean }) => isServed)
  return served.map(({ name, schema }: { name: string; schema: { openAPIV3Schema: unknown } }) => [
    `${spec.group}/${name}/${spec.names.kind}`,
    closeSchema(schema.openAPIV3Schema),
  ])
}

function write(name: string, schemas: object): void {
  // The time in the head would make every file a new one.
  writeFileSync(join(folder, `${name}.json.gz`), gzipSync(JSON.stringify(schemas), { level: 9 }))
}

mkdirSync(folder, { recursive: true })
for (const version of versions) {
  const module = fetchModule(`k8s.io/kubernetes@${version}`)
  const text = readFileSync(join(module, 'api/openapi-spec/swagger.json'), 'utf8')
  write(version, readKubernetes(JSON.parse(text)))
}
const monitoring = fetchModule(operator)
const crds = join(monitoring, 'example/prometheus-operator-crd/monitoring.coreos.com_')
const certificates = join(fetchModule(certManager), 'deploy/crds/cert-manager.io_')
write(
  'extensions',
  Object.fromEntries([
    ...operatorKinds.flatMap((kind) => readDefinition(`${crds}${kind}.yaml`)),
    ...['certificates', 'issuers'].flatMap((kind) => readDefinition(`${certificates}${kind}.yaml`)),
  ]),
)
