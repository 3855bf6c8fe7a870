/** What the injector knows of the namespace that a pod is created in. */

export interface NamespaceView {
  readonly name: string
  readonly labels: ReadonlyMap<string, string>
  readonly annotations: ReadonlyMap<string, string>
}

const nothing: ReadonlyMap<string, string> = new Map()

/** A namespace of which only the name is known. */
export function nameNamespace(name: string): NamespaceView {
  return { name, labels: nothing, annotations: nothing }
}
