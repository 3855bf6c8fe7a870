/** Examines the templates of workloads as `claviger validate` examines manifests. */
import { isObject } from '../../core/plain-object.ts'
import type { NamespaceView } from '../../webhook/inject/namespace.ts'
import type { Resource } from '../cluster/resources.ts'
import type { Finding } from '../manifests/finding.ts'
import { read } from '../manifests/objects.ts'
import { podKinds } from '../manifests/pod-kinds.ts'
import { validateManifests } from '../validate.ts'
import type { CheckId } from './checks.ts'
import type { Examination } from './examination.ts'
import { failed, judge, type Result } from './result.ts'

/** Resource → how its objects introduce themselves; lists leave that out. Replica sets are made of deployments. */
const workloads: readonly (readonly [Resource, string, string])[] = [
  ['deployments', 'apps/v1', 'Deployment'],
  ['statefulsets', 'apps/v1', 'StatefulSet'],
  ['daemonsets', 'apps/v1', 'DaemonSet'],
  ['cronjobs', 'batch/v1', 'CronJob'],
  ['jobs', 'batch/v1', 'Job'],
]

const found: readonly CheckId[] = [
  'annotation-misplaced',
  'annotation-problem',
  'annotation-warning',
]

export async function examineTemplates(
  examination: Examination,
  views: ReadonlyMap<string, NamespaceView>,
): Promise<readonly Result[]> {
  const { cluster, scope, defaults } = examination
  const { namespace, target } = scope
  const lists = await Promise.all(
    workloads.map(async ([resource, apiVersion, kind]) => {
      const objects: readonly unknown[] = await cluster.list(resource, { namespace })
      const own = objects.filter(isObject).filter(isOwn)
      return own.map((object) => ({ ...object, apiVersion, kind }))
    }),
  )
  const isMeant = (object: object) => target === undefined || isNamed(object, target.name)
  const options = { defaults, kinds: podKinds, namespace: '' }
  const failures = lists
    .flat()
    .filter(isMeant)
    .flatMap((object) => {
      const view = views.get(String(read(object, ['metadata', 'namespace'])))
      const items = [...(view === undefined ? [] : [describeNamespace(view)]), object]
      const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
      const findings = validateManifests([{ path: 'cluster', text }], options)
      return findings.map((finding) => describeFinding(finding, object))
    })
  const ofCheck = (check: CheckId) => failures.filter((failure) => failure.check === check)
  return found.flatMap((check) => judge(check, ofCheck(check)))
}

/** What a workload makes, its own template says already. */
function isOwn(object: object): boolean {
  const owners = read(object, ['metadata', 'ownerReferences'])
  return !Array.isArray(owners) || owners.length === 0
}

function isNamed(object: object, name: string): boolean {
  return read(object, ['metadata', 'name']) === name
}

function describeNamespace({ name, labels, annotations }: NamespaceView): object {
  const texts = { labels: Object.fromEntries(labels), annotations: Object.fromEntries(annotations) }
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, ...texts } }
}

function describeFinding({ code, severity, message }: Finding, object: { readonly kind: string }) {
  const place = `${read(object, ['metadata', 'namespace'])}/${read(object, ['metadata', 'name'])}`
  const misplaced = code === 'annotation_misplaced' ? 'annotation-misplaced' : undefined
  const check = misplaced ?? (severity === 'error' ? 'annotation-problem' : 'annotation-warning')
  return failed(check, { subject: `${object.kind} ${place}`, detail: message })
}
