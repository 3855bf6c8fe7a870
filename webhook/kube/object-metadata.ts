/** The metadata that every object of Kubernetes has, read out of decoded JSON: whatever is not as it should be reads as absent. */

/** A kind of objects whose metadata is listed and watched. */
export interface WatchedKind<T> {
  /** As messages and the log name it. */
  readonly name: string
  /** Of the API. */
  readonly path: string
  /** Which of them; all when absent. */
  readonly fieldSelector?: string
  /** Of a list, in objects. */
  readonly pageSize: number
  /** What is kept of one. */
  readonly read: (object: unknown) => T
}

export interface Controller {
  readonly kind: string
  readonly name: string
  readonly uid: string
}

export interface ObjectMetadata {
  readonly name: string
  readonly namespace: string
  readonly uid: string
  readonly resourceVersion: string
  /** Milliseconds since the epoch; 0 when it is not known. */
  readonly createdAt: number
  readonly isBeingDeleted: boolean
  readonly labels: ReadonlyMap<string, string>
  readonly annotations: ReadonlyMap<string, string>
  /** The owner that makes another one when this one is gone. */
  readonly controller: Controller | undefined
}

export function readMetadata(object: unknown): ObjectMetadata {
  const metadata = readObject(readObject(object)['metadata'])
  return {
    name: readText(metadata['name']),
    namespace: readText(metadata['namespace']),
    uid: readText(metadata['uid']),
    resourceVersion: readText(metadata['resourceVersion']),
    createdAt: Date.parse(readText(metadata['creationTimestamp'])) || 0,
    isBeingDeleted: readText(metadata['deletionTimestamp']) !== '',
    labels: readTexts(metadata['labels']),
    annotations: readTexts(metadata['annotations']),
    controller: readController(metadata['ownerReferences']),
  }
}

function readController(references: unknown): Controller | undefined {
  const owners = (Array.isArray(references) ? references : []).map(readObject)
  const owner = owners.find(({ controller }) => controller === true)
  if (owner === undefined) return undefined
  return {
    kind: readText(owner['kind']),
    name: readText(owner['name']),
    uid: readText(owner['uid']),
  }
}

type Json = Readonly<Record<string, unknown>>

/** Whatever is no object has no entries of interest. */
export function readObject(value: unknown): Json {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

export function readText(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function readTexts(value: unknown): ReadonlyMap<string, string> {
  return new Map(Object.entries(readObject(value)).map(([key, text]) => [key, readText(text)]))
}
