/** The manifests without Helm: made from the chart, and what kustomize makes of them. */
import { join } from 'node:path'
import { dump, load, loadAll } from 'js-yaml'
import { runCommand } from '../commands.ts'
import { paths, repository } from '../settings.ts'
import { admissionPolicy, type Rendered, render } from './render.ts'

export const manifests = join(repository, 'manifests')
const baseValues = join(manifests, 'base/values.yaml')

/** File of the base → kinds of the webhook's objects in it. */
const baseFiles: Readonly<Record<string, readonly string[]>> = {
  'rbac.yaml': ['ServiceAccount', 'Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'],
  'certs-secret.yaml': ['Secret'],
  'service.yaml': ['Service'],
  'deployment.yaml': ['Deployment'],
  'disruption-budget.yaml': ['PodDisruptionBudget'],
  'mutating-webhook.yaml': ['MutatingWebhookConfiguration'],
  'admission-policy.yaml': ['ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding'],
}

/** Of Helm, and of the release, which the images' tags name already. */
const helmLabels = ['helm.sh/chart', 'app.kubernetes.io/managed-by', 'app.kubernetes.io/version']

/** What the chart makes of the base's values and those in `files`. */
export async function renderChart(files: readonly string[] = []): Promise<readonly Rendered[]> {
  const objects = await render({ files: [baseValues, ...files], apiVersions: [admissionPolicy] })
  return objects
    .filter(({ metadata }) => metadata.annotations?.['helm.sh/hook'] === undefined)
    .map((object) => JSON.parse(JSON.stringify(object, dropHelmLabels)))
}

function dropHelmLabels(key: string, value: unknown): unknown {
  if (key !== 'labels') return value
  const entries = Object.entries(Object(value)).filter(([name]) => !helmLabels.includes(name))
  return Object.fromEntries(entries)
}

/** The text of each file of the base. */
export function writeBase(objects: readonly Rendered[]): ReadonlyMap<string, string> {
  const ofWebhook = objects.filter((object) => !isOfGuard(object))
  const files = Object.entries(baseFiles).map(([file, kinds]) => {
    const found = kinds.flatMap((kind) => ofWebhook.filter((object) => object.kind === kind))
    return [file, found] as const
  })
  const all = [...files, ['guard.yaml', objects.filter(isOfGuard)] as const]
  return new Map(all.map(([file, found]) => [join(manifests, 'base', file), writeManifest(found)]))
}

export function isOfGuard({ metadata }: Rendered): boolean {
  return metadata.labels?.['app.kubernetes.io/component'] === 'guard'
}

export function writeManifest(documents: readonly unknown[]): string {
  const texts = documents.map((document) => dump(document, { lineWidth: -1, noRefs: true }))
  return `# Made from charts/claviger by test/e2e/chart/manifests.test.ts.\n${texts.join('---\n')}`
}

export async function kustomize(folder: string): Promise<readonly Rendered[]> {
  const program = join(paths.binaries, 'kubectl')
  const text = await runCommand({ program, args: ['kustomize', folder] })
  return loadAll(text).map((document) => JSON.parse(JSON.stringify(document)))
}

/** In an order of its own; arguments are a set of which the last of a name counts, and a policy is YAML. */
export function normalise(objects: readonly Rendered[]): readonly unknown[] {
  const name = ({ kind, metadata }: Rendered) =>
    `${kind} ${metadata.namespace ?? ''} ${metadata.name}`
  return objects
    .filter(({ kind }) => kind !== 'Namespace')
    .toSorted((left, right) => name(left).localeCompare(name(right)))
    .map((object) => JSON.parse(JSON.stringify(object, readField)))
}

function readField(key: string, value: unknown): unknown {
  if (key === 'policy.yaml') return load(String(value))
  if (key !== 'args' || !Array.isArray(value)) return value
  const byName = new Map(value.map(String).map((text) => [text.split('=')[0], text]))
  return [...byName.values()].sort()
}
