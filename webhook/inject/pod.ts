/** What the injector looks at in a pod; the pod itself is never rewritten, so whatever else it holds survives untouched. */
import { isObject } from '../../core/plain-object.ts'
import type { Problem } from './problem.ts'

export type Json = Readonly<Record<string, unknown>>

export interface MountView {
  /** Of the volume. */
  readonly name: string
  readonly path: string
  /** The mount as the pod has it. */
  readonly mount: Json
}

/** Of a pod or of a container; undefined where it says nothing. */
export interface UserView {
  readonly runAsUser: number | undefined
  readonly runAsGroup: number | undefined
}

export interface ContainerView extends UserView {
  readonly name: string
  /** Undefined when the container has no `volumeMounts` array at all. */
  readonly mounts: readonly MountView[] | undefined
  readonly hasSecurityContext: boolean
  /** Whether it is a native sidecar, given that it is an init container. */
  readonly restartsAlways: boolean
  /** The variables with a literal value, `""` for the others. */
  readonly env: readonly { readonly name: string; readonly value: string }[]
  /** The container as the pod has it. */
  readonly json: Json
}

export interface VolumeView {
  readonly name: string
  /** Of the first ServiceAccount token that the volume projects. */
  readonly tokenPath: string | undefined
}

export interface PodView extends UserView {
  readonly name: string
  readonly annotations: ReadonlyMap<string, string>
  readonly hasAnnotations: boolean
  readonly phase: string
  readonly restartPolicy: string
  /** Between SIGTERM and SIGKILL; Kubernetes' default where the pod says nothing. */
  readonly gracePeriodSeconds: number
  /** Its name; `default` where the pod names none. */
  readonly serviceAccount: string
  readonly shareProcessNamespace: boolean | undefined
  readonly groups: { readonly fsGroup: number | undefined; readonly more: readonly number[] }
  readonly containers: readonly ContainerView[]
  /** Undefined when the pod has no such array; the same for `volumes`. */
  readonly initContainers: readonly ContainerView[] | undefined
  readonly volumes: readonly VolumeView[] | undefined
  /** Names; undefined as above. */
  readonly pullSecrets: readonly string[] | undefined
}

export type PodReading =
  | { readonly kind: 'ok'; readonly value: PodView }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] }

/** A pod as decoded JSON, or everything that keeps it from being one; problem code `pod`. `lenient` is of the profile. */
export function readPod(pod: unknown, { lenient }: { readonly lenient: boolean }): PodReading {
  const problems: Problem[] = []
  const refuse = (path: string, expected: string) =>
    void problems.push({ code: 'pod', path, expected, stage: 'decode' })
  const root = isObject(pod) ? pod : {}
  if (root !== pod) refuse('object', 'a Pod')
  const view = readView(root, refuse)
  if (!lenient && root === pod && view.containers.length === 0)
    refuse('spec.containers', 'at least one container')
  return problems.length === 0 ? { kind: 'ok', value: view } : { kind: 'problems', problems }
}

function readView(root: Json, refuse: Refuse): PodView {
  const spec = readObject(root['spec'])
  const metadata = readObject(root['metadata'])
  const context = readObject(spec['securityContext'])
  const groups = Array.isArray(context['supplementalGroups']) ? context['supplementalGroups'] : []
  return {
    name: readString(metadata['name']),
    annotations: readAnnotations(metadata['annotations'], refuse),
    hasAnnotations: isObject(metadata['annotations']),
    phase: readString(readObject(root['status'])['phase']),
    restartPolicy: readString(spec['restartPolicy']),
    gracePeriodSeconds: readNumber(spec['terminationGracePeriodSeconds']) ?? 30,
    serviceAccount:
      readString(spec['serviceAccountName']) || readString(spec['serviceAccount']) || 'default',
    shareProcessNamespace: readBoolean(spec['shareProcessNamespace']),
    ...readUser(context),
    groups: {
      fsGroup: readNumber(context['fsGroup']),
      more: groups.filter((group): group is number => typeof group === 'number'),
    },
    containers: readContainers(spec['containers'], 'spec.containers', refuse) ?? [],
    initContainers: readContainers(spec['initContainers'], 'spec.initContainers', refuse),
    volumes: readList(spec['volumes'], 'spec.volumes', refuse)?.map((volume) => ({
      name: readString(volume['name']),
      tokenPath: findTokenPath(readObject(volume['projected'])['sources']),
    })),
    pullSecrets: readList(spec['imagePullSecrets'], 'spec.imagePullSecrets', refuse)?.map(
      ({ name }) => readString(name),
    ),
  }
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
  return readList(value, path, refuse)?.map((json, index) => ({
    name: readString(json['name']),
    mounts: readList(json['volumeMounts'], `${path}[${index}].volumeMounts`, refuse)?.map(
      (mount) => ({ name: readString(mount['name']), path: readString(mount['mountPath']), mount }),
    ),
    hasSecurityContext: isObject(json['securityContext']),
    ...readUser(readObject(json['securityContext'])),
    restartsAlways: json['restartPolicy'] === 'Always',
    env: (readList(json['env'], `${path}[${index}].env`, refuse) ?? []).map((variable) => ({
      name: readString(variable['name']),
      value: readString(variable['value']),
    })),
    json,
  }))
}

function readUser(context: Json): UserView {
  return {
    runAsUser: readNumber(context['runAsUser']),
    runAsGroup: readNumber(context['runAsGroup']),
  }
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
