/** Namespaces as label values: names from outside, so what they are and how many is bounded. */

/** A large cluster has some thousands; a metric with one series for each of them still fits. */
const mostNamespaces = 2_000

/** Stands for what is no name of a namespace, and for all beyond the bound. */
export const otherNamespaces = '_other'

export class NamespaceLabels {
  readonly #seen = new Set<string>()

  /** The name itself as long as there is room for it. */
  label(namespace: string): string {
    if (this.#seen.has(namespace)) return namespace
    const isName = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(namespace)
    if (!isName || this.#seen.size >= mostNamespaces) return otherNamespaces
    this.#seen.add(namespace)
    return namespace
  }
}
