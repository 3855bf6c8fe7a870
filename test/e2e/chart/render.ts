/** The chart as Helm renders it; needs no cluster. */
import { join } from 'node:path'
import { loadAll } from 'js-yaml'
import { runCommand } from '../commands.ts'
import { paths, repository } from '../settings.ts'

export interface Rendering {
  /** Values, as JSON. */
  readonly values?: object
  /** Files of values, which `values` beat. */
  readonly files?: readonly string[]
  /** Without a dot and with "v"; Helm's own when absent. */
  readonly kubeVersion?: string
  /** As `helm template --api-versions` takes them. */
  readonly apiVersions?: readonly string[]
  readonly release?: string
  readonly namespace?: string
}

/** What any object has of which the tests speak. */
export interface Rendered {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
  }
  readonly [field: string]: unknown
}

export const admissionPolicy = 'admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy'
export const anyAddress = { global: { externalVaultAddr: 'https://vault.example.com:8200' } }

/** YAML. Rejects with Helm's words when it refuses the values. */
export function renderText(rendering: Rendering): Promise<string> {
  const { values = {}, files = [], apiVersions = [], kubeVersion } = rendering
  const { release = 'claviger', namespace = 'claviger-system' } = rendering
  return runCommand({
    program: join(paths.binaries, 'helm'),
    args: [
      ...['template', release, join(repository, 'charts/claviger'), '--namespace', namespace],
      ...files.flatMap((file) => ['--values', file]),
      ...['--values', '-'],
      ...(kubeVersion === undefined ? [] : ['--kube-version', kubeVersion]),
      ...apiVersions.flatMap((version) => ['--api-versions', version]),
    ],
    input: JSON.stringify(values),
  })
}

export async function render(rendering: Rendering): Promise<readonly Rendered[]> {
  const documents = loadAll(await renderText(rendering))
  return documents.filter(isRendered)
}

function isRendered(document: unknown): document is Rendered {
  return typeof document === 'object' && document !== null && 'kind' in document
}

export function findKind(objects: readonly Rendered[], kind: string): Rendered | undefined {
  return objects.find((object) => object.kind === kind)
}
