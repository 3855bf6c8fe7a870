/** Judges a pod in its namespace, as far as namespaces are watched. */
import { mutate, type Outcome, summarise } from '../inject/mutate.ts'
import { nameNamespace } from '../inject/namespace.ts'
import type { WebhookDefaults } from '../inject/profiles.ts'
import type { Namespaces } from '../kube/namespaces.ts'

export interface Place {
  readonly namespace: string
  /** Undefined where nobody watches them: then only the name is known. */
  readonly namespaces: Namespaces | undefined
}

/**
 * The outcome at once when the namespace is known or does not matter. One that is new is waited for; one that stays unknown is
 * denied with `namespace_unknown`, for its defaults and the rules for its labels cannot be told. A later attempt may succeed.
 */
export function mutateInPlace(
  pod: unknown,
  { namespace, namespaces }: Place,
  defaults: WebhookDefaults,
): Outcome | Promise<Outcome> {
  const known = namespaces?.find(namespace)
  const outcome = mutate(pod, known ?? nameNamespace(namespace), defaults)
  if (namespaces === undefined || known !== undefined || isSettled(outcome)) return outcome
  return namespaces
    .wait(namespace)
    .then((found) =>
      found === undefined ? unknown(namespace, defaults) : mutate(pod, found, defaults),
    )
}

/** Nothing that the namespace says could change it. */
function isSettled(outcome: Outcome): boolean {
  if (outcome.kind !== 'denied') return outcome.kind === 'skipped'
  return outcome.reason === 'request_invalid' || outcome.reason === 'system_namespace'
}

function unknown(namespace: string, defaults: WebhookDefaults): Outcome {
  const issue = {
    code: 'namespace_unknown',
    path: 'metadata.namespace',
    expected: 'a namespace that the webhook knows already',
    got: namespace,
    hint: 'it may be too new: try again in a moment',
  }
  return {
    kind: 'denied',
    reason: 'namespace_unknown',
    issues: [issue],
    warnings: [],
    summary: summarise(defaults),
  }
}
