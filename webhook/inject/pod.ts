/** What the injector looks at in a pod; the pod itself is never rewritten, so whatever else it holds survives untouched. */
import type { Issue, Parsed } from '../../core/issue.ts'

export interface MountView {
  /** Of the volume. */
  readonly name: string
  readonly path: string
  /** The mount as the pod has it. */
  readonly mount: Json
}

export interface ContainerView {
  readonly name: string
  /** Undefined when the container has no `volumeMounts` array at all. */
  readonly mounts: readonly MountView[] | undefined
  /** Of its security context. */
  readonly runAsUser: number | undefined
}

export interface VolumeView {
  readonly name: string
  /** Of the first ServiceAccount token that the volume projects. */
  readonly tokenPath: string | undefined
}

export interface PodView {
  readonly annotations: ReadonlyMap<string, string>
  readonly phase: string
  readonly restartPolicy: string
  readonly shareProcessNamespace: boolean | undefined
  /** Of the pod's security context. */
  readonly runAsUser: number | undefined
  readonly containers: readonly ContainerView[]
  /** Undefined when the pod has no such array; the same for `volumes`. */
  readonly initContainers: readonly ContainerView[] | undefined
  readonly volumes: readonly VolumeView[] | undefined
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
    shareProcessNamespace: readBoolean(spec['shareProcessNamespace']),
    runAsUser: readNumber(readObject(spec['securityContext'])['runAsUser']),
    containers: readContainers(spec['containers'], 'spec.containers', refuse) ?? [],
    initContainers: readContainers(spec['initContainers'], 'spec.initContainers', refuse),
    volumes: readList(spec['volumes'], 'spec.volumes', refuse)?.map((volume) => ({
      name: readString(volume['name']),
      tokenPath: findTokenPath(readObject(volume['projected'])['sources']),
    })),
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
    mounts: readList(container['volumeMounts'], `${path}[${index}].volumeMounts`, refuse)?.map(
      (mount) => ({
        name: readString(mount['name']),
        path: readString(mount['mountPath']),
        mount,
      }),
    ),
    runAsUser: readNumber(readObject(container['securityContext'])['runAsUser']),
  }))
}

function findTokenPath(sources: unknown): string | undefined {
  const paths = (Array.isArray(sources) ? sources : []).map((source) =>
    readString(readObject(readObject(source)['serviceAccountToken'])['path']),
  )
  return paths.find((path) => path !== '')
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

function readNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

function readBoolean(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
