/** A cluster as the verbs see it. All of it may throw `kubernetes_refused` and `kubernetes_unreachable`. */
import type { Duplex } from 'node:stream'
import type { Objects, Place, Resource } from './resources.ts'

export interface Cluster {
  /** Of the kubeconfig. */
  readonly context: string
  /** Of `-namespace`, else of the context. */
  readonly namespace: string
  /** The name that the kubeconfig gives to its user. */
  readonly user: string
  /** Undefined where there is no such object. */
  readonly find: <R extends Resource>(resource: R, place: Place) => Promise<Objects[R] | undefined>
  /** All pages. */
  readonly list: <R extends Resource>(
    resource: R,
    query: ListQuery,
  ) => Promise<readonly Objects[R][]>
  /** The answer as it is: a refusal of the object is no error here. */
  readonly create: (resource: Resource, creation: Creation) => Promise<Answer>
  /** JSON Patch, RFC 6902. */
  readonly patch: (resource: Resource, change: Change) => Promise<void>
  readonly exec: (command: PodCommand) => Promise<CommandResult>
  /** A connection to a port of a pod, through the API server. */
  readonly connect: (place: PodPort) => Promise<Duplex>
}

export interface ListQuery {
  /** Undefined for all. */
  readonly namespace?: string | undefined
  readonly labels?: string
  readonly fields?: string
}

export interface Creation extends Place {
  readonly body: object
  /** Judged by the API server with all its webhooks, and not stored. */
  readonly dryRun?: boolean
}

export interface Change extends Place {
  readonly operations: readonly PatchOperation[]
  readonly dryRun?: boolean
}

export interface PatchOperation {
  readonly op: 'add' | 'remove' | 'replace' | 'test'
  readonly path: string
  readonly value?: unknown
}

export interface Answer {
  readonly status: number
  /** Decoded JSON. */
  readonly body: unknown
}

export interface PodCommand {
  readonly namespace: string
  readonly pod: string
  readonly container: string
  readonly command: readonly string[]
  /** After which it is given up, milliseconds. */
  readonly deadlineMs: number
}

export interface CommandResult {
  /** Undefined where the container could not run it. */
  readonly exitCode: number | undefined
  readonly stdout: string
}

export interface PodPort {
  readonly namespace: string
  readonly pod: string
  readonly port: number
}
