/** What the injector looks at in a pod; the pod itself is never rewritten, so whatever else it holds survives untouched. */
import type { Issue, Parsed } from '../../core/issue.ts'

export interface ContainerView {
  readonly name: string
  /** Undefined when the container has no `volumeMounts` array at all. */
  readonly mountPaths: readonly string[] | undefined
}

export interface PodView {
  readonly annotations: ReadonlyMap<string, string>
  readonly phase: string
  readonly restartPolicy: string
  readonly containers: readonly ContainerView[]
  /** Undefined when the pod has no such array; the same for `volumes`. */
  readonly initContainers: readonly ContainerView[] | undefined
  /** Names. */
  readonly volumes: readonly string[] | undefined
}

type Json = Readonly<Record<string, unknown>>

/** A pod as decoded JSON, or everything that keeps it from being one; issue code `pod`. */
export function readPod(pod: unknown): Parsed<PodView> {
  const issues: Issue[] = []
  const refuse = (path: string, expected: string) =>
    void issues.push({ code: 'pod', path, expected })
  const root = isObject(pod) ? pod : {}
  if (root !== pod) refuse('object', 'a Pod')
  const spec = readObject(root['spec'])
  const view: PodView = {
    annotations: readAnnotations(readObject(root['metadata'])['annotations'], refuse),
    phase: readString(readObject(root['status'])['phase']),
    restartPolicy: readString(spec['restartPolicy']),
    containers: readContainers(spec['containers'], 'spec.containers', refuse) ?? [],
    initContainers: readContainers(spec['initContainers'], 'spec.initContainers', refuse),
    volumes: readList(spec['volumes'], 'spec.volumes', refuse)?.map((volume) =>
      readString(volume['name']),
    ),
  }
  if (root === pod && view.containers.length === 0)
    refuse('spec.containers', 'at least one container')
  return issues.length === 0 ? { kind: 'ok', value: view } : { kind: 'issues', issues }
}

type Refuse = (path: string, expected: string) => void

function readAnnotations(value: unknown, refuse: Refuse): ReadonlyMap<string, string> {
  const annotations = new Map<string, string>()
  if (value === undefined || value === null) return annotations
  if (!isObject(value)) {
    refuse('metadata.annotations', 'an object of texts')
    return annotations
  }
  for (const [key, text] of Object.entries(value)) {
    if (typeof text === 'string') annotations.set(key, text)
    else refuse(`metadata.annotations[${JSON.stringify(key)}]`, 'text: put the value in quotes')
  }
  return annotations
}

function readContainers(
  value: unknown,
  path: string,
  refuse: Refuse,
): readonly ContainerView[] | undefined {
  return readList(value, path, refuse)?.map((container, index) => ({
    name: readString(container['name']),
    mountPaths: readList(container['volumeMounts'], `${path}[${index}].volumeMounts`, refuse)?.map(
      (mount) => readString(mount['mountPath']),
    ),
  }))
}

function readList(value: unknown, path: string, refuse: Refuse): readonly Json[] | undefined {
  if (value === undefined || value === null) return undefined
  if (Array.isArray(value) && value.every(isObject)) return value
  refuse(path, 'a list of objects')
  return undefined
}

function readObject(value: unknown): Json {
  return isObject(value) ? value : {}
}

function readString(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
