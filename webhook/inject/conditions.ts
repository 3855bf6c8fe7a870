/**
 * The decision of decide.ts in CEL, as far as the API server takes it by itself: which pods reach the webhook, and which must not
 * exist because they passed it by. Tests hold both to each other.
 */
import type { Prefix } from './annotations/annotation.ts'
import { annotations, injectedStatus } from './annotations/annotations.ts'
import { agentContainerNames } from './build/containers.ts'
import { deniedNamespaces } from './decide.ts'
import { falseWords } from './kinds/value-kinds.ts'
import { profileAnnotation, profileLabel } from './namespace.ts'

const all = 'object.metadata.annotations'

/**
 * Whether a pod asks for injection, or says something of it that the webhook must answer: a value that is no word for false, or
 * different values under two prefixes.
 */
export function buildAskCondition(prefixes: readonly Prefix[]): string {
  const keys = listWords(prefixes.map((prefix) => prefix + annotations.inject.key))
  const isFalse = `${all}[key] in ${listWords(falseWords)}`
  const differs = `${keys}.exists(other, other in ${all} && ${all}[other] != ${all}[key])`
  const matters = prefixes.length === 1 ? `!(${isFalse})` : `(!(${isFalse}) || ${differs})`
  return `has(${all}) && ${keys}.exists(key, key in ${all} && ${matters})`
}

/** Whether the webhook has been there: its mark, and one of its containers, as anyone can write the mark alone. */
export function buildInjectedCondition(prefixes: readonly Prefix[]): string {
  const keys = listWords(prefixes.map((prefix) => prefix + annotations.status.key))
  const isMarked = `${keys}.exists(key, key in ${all} && ${all}[key] == '${injectedStatus}')`
  const isAgent = `container.name in ${listWords(Object.values(agentContainerNames))}`
  const has = (list: string) =>
    `(has(object.spec.${list}) && object.spec.${list}.exists(container, ${isAgent}))`
  return `has(${all}) && ${isMarked} && (${has('initContainers')} || ${has('containers')})`
}

/** Whether pods are injected in the namespace at all; `own` is the webhook's, undefined where that is no matter. */
export function buildNamespaceCondition(own: string | undefined): string {
  const denied = own === undefined ? deniedNamespaces : [...deniedNamespaces, own]
  return `!(request.namespace in ${listWords([...denied])})`
}

/** The profile of a pod's namespace where namespaces choose one (webhook/inject/namespace.ts); `otherwise` is the operator's. */
export function buildProfileExpression(otherwise: string): string {
  const metadata = 'namespaceObject.metadata'
  const annotation = `'${profileAnnotation}'`
  const label = `'${profileLabel}'`
  const has = (map: string, key: string) =>
    `has(${metadata}.${map}) && ${key} in ${metadata}.${map}`
  return (
    `${has('annotations', annotation)} ? ${metadata}.annotations[${annotation}] : ` +
    `${has('labels', label)} ? ${metadata}.labels[${label}] : '${otherwise}'`
  )
}

function listWords(words: readonly string[]): string {
  return `[${words.map((word) => `'${word}'`).join(', ')}]`
}
