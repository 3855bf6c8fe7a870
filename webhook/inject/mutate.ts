/** The injector: a pod and the operator's defaults in, one Outcome out. Webhook, command line and tests enter here. */
import { formatIssue, type Issue } from '../../core/issue.ts'
import { findCollisions } from './collisions.ts'
import { type DenyReason, decide, type SkipReason } from './decide.ts'
import type { NamespaceView } from './namespace.ts'
import { buildPatch, type PatchOperation } from './patch.ts'
import { type PodView, readPod } from './pod.ts'
import type { WebhookDefaults } from './profiles.ts'
import { type InjectionSettings, readSettings } from './settings.ts'

/** Source: vault-k8s, the values of its `injection_type` metric label. */
export type InjectionType = 'init_and_sidecar' | 'init_only' | 'sidecar_only'

/** Everything that follows - response, log line, metric - derives from this value. */
export type Outcome =
  | { readonly kind: 'skipped'; readonly reason: SkipReason }
  | {
      readonly kind: 'denied'
      readonly reason: DenyReason
      readonly issues: readonly Issue[]
      readonly warnings: readonly string[]
    }
  | {
      readonly kind: 'injected'
      readonly type: InjectionType
      readonly patch: readonly PatchOperation[]
      readonly warnings: readonly string[]
    }

/** `pod` is decoded JSON, `namespace` the one of the request. Never throws, whatever the pod holds. */
export function mutate(pod: unknown, namespace: NamespaceView, defaults: WebhookDefaults): Outcome {
  const view = readPod(pod)
  if (view.kind === 'issues') return deny('pod_invalid', view.issues)
  const decision = decide(view.value, namespace.name)
  if (decision.kind === 'skip') return { kind: 'skipped', reason: decision.reason }
  if (decision.kind === 'deny') return deny(decision.reason, decision.issues)

  const reading = readSettings(view.value, defaults)
  const { warnings } = reading
  if (reading.kind === 'issues') return deny('settings_invalid', reading.issues, warnings)
  const { settings } = reading
  const collisions = findCollisions(view.value, settings)
  if (collisions.length > 0) return deny('pod_invalid', collisions, warnings)
  return {
    kind: 'injected',
    type: nameType(settings),
    patch: buildPatch(view.value, settings),
    warnings: [...warnings, ...describeEndlessSidecar(view.value, settings)],
  }
}

/** One message for the author of the pod that lists every problem. */
export function formatDenial(issues: readonly Issue[]): string {
  const [only] = issues
  if (only !== undefined && issues.length === 1) return `claviger: ${formatIssue(only)}`
  const lines = issues.map((issue) => `\n- ${formatIssue(issue)}`)
  return `claviger: ${issues.length} problems${lines.join('')}`
}

function deny(
  reason: DenyReason,
  issues: readonly Issue[],
  warnings: readonly string[] = [],
): Outcome {
  return { kind: 'denied', reason, issues, warnings }
}

function nameType({ init, sidecar }: InjectionSettings): InjectionType {
  if (!init) return 'sidecar_only'
  return sidecar ? 'init_and_sidecar' : 'init_only'
}

function describeEndlessSidecar(
  { restartPolicy }: PodView,
  { sidecar, prefix }: InjectionSettings,
): readonly string[] {
  if (!sidecar || (restartPolicy !== 'Never' && restartPolicy !== 'OnFailure')) return []
  return [
    `the sidecar keeps a pod with restartPolicy ${restartPolicy} from completing; ${prefix}agent-pre-populate-only: "true" leaves it out`,
  ]
}
