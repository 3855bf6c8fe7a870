/** The injector: a pod and the operator's defaults in, one Outcome out. Webhook, command line and tests enter here. */
import { formatIssue } from '../../core/issue.ts'
import type { PolicyFinding } from '../policy/judge.ts'
import type { Flavour } from './annotations/container-annotations.ts'
import { findCollisions } from './build/collisions.ts'
import { buildPatch, type PatchOperation } from './build/patch.ts'
import { keepsState } from './build/volumes.ts'
import { type DenyReason, decide, type SkipReason } from './decide.ts'
import { type NamespaceView, readNamespaceDefaults } from './namespace.ts'
import { type PodView, readPod } from './pod.ts'
import { addForbidden, checkPolicy } from './policing.ts'
import type { Problem } from './problem.ts'
import { chooseProfile, type Profile, type WebhookDefaults } from './profiles.ts'
import { type InjectionSettings, readSettings, type SettingsReading } from './settings/settings.ts'

export { formatDenial } from './problem.ts'

/** Source: vault-k8s, the values of its `injection_type` metric label; `none` is a pod of its profile that gets volumes only. */
export type InjectionType = 'init_and_sidecar' | 'init_only' | 'sidecar_only' | 'none'

/** What the audit line says of a pod beside its name; role and stores are cut and escaped where they are printed. */
export interface OutcomeSummary {
  /** Undefined while it is not known. */
  readonly role: string | undefined
  readonly stores: readonly string[]
  readonly profile: string
  readonly flavour: Flavour | undefined
}

interface Judged {
  readonly warnings: readonly string[]
  readonly summary: OutcomeSummary
  /** Absent when no rule of the policy has anything to say. */
  readonly policy?: readonly PolicyFinding[]
}

interface Denied extends Judged {
  readonly kind: 'denied'
  readonly reason: DenyReason
  readonly issues: readonly Problem[]
}

interface Injected extends Judged {
  readonly kind: 'injected'
  readonly type: InjectionType
  readonly patch: readonly PatchOperation[]
}

/** Everything that follows - response, log line, metric - derives from this value. */
export type Outcome = { readonly kind: 'skipped'; readonly reason: SkipReason } | Denied | Injected

/** `pod` is decoded JSON, `namespace` the one of the request. Never throws, whatever the pod holds. */
export function mutate(pod: unknown, namespace: NamespaceView, given: WebhookDefaults): Outcome {
  const { profile: wanted, inherited, warnings } = readNamespaceDefaults(namespace)
  const { defaults, problems: unknown } = chooseProfile(given, wanted)
  const { profile, ownNamespace } = defaults
  const deny = (reason: DenyReason, problems: readonly Problem[]) =>
    describeDenial({ reason, problems, warnings: [], summary: summarise(defaults), profile })
  const view = readPod(pod, profile)
  if (view.kind === 'problems') return deny('pod_invalid', view.problems)
  const decision = decide({ pod: view.value, namespace, profile, ownNamespace })
  if (decision.kind === 'skip') return { kind: 'skipped', reason: decision.reason }
  if (decision.kind === 'deny') return deny(decision.reason, decision.problems)

  const reading = readSettings(view.value, defaults, inherited)
  const { files, stores, needsVault } = reading.settings
  const judgement = checkPolicy(view.value, {
    namespace,
    inherited,
    profile: wanted,
    files,
    stores,
    needsVault,
    found: reading.found,
    defaults,
  })
  const outcome = inject(view.value, reading, {
    profile,
    summary: summarise(defaults, reading.settings),
    forbidden: [...unknown, ...judgement.issues],
    warnings: [...warnings, ...judgement.warnings],
  })
  return judgement.findings.length === 0 ? outcome : { ...outcome, policy: judgement.findings }
}

interface Injection {
  readonly profile: Profile
  readonly summary: OutcomeSummary
  /** What the operator does not allow, in any profile. */
  readonly forbidden: readonly Problem[]
  readonly warnings: readonly string[]
}

function inject(
  pod: PodView,
  { settings, problems, warnings }: SettingsReading,
  { profile, summary, forbidden, ...before }: Injection,
): Denied | Injected {
  const wrong = sortProblems(problems, profile)
  const told = [...before.warnings, ...warnings, ...wrong.harmless.map(formatIssue)]
  const deny = (reason: DenyReason, fatal: readonly Problem[]) =>
    describeDenial({ reason, problems: fatal, warnings: told, summary, profile })
  const fatal = addForbidden(wrong.fatal, forbidden)
  if (fatal.length > 0) return deny(nameReason(fatal[0]), fatal)
  const collisions = sortProblems(findCollisions(pod, settings), profile)
  if (collisions.fatal.length > 0) return deny('pod_invalid', collisions.fatal)
  const built = buildPatch(pod, settings)
  if (built.problems.length > 0) return deny('settings_invalid', built.problems)
  return {
    kind: 'injected',
    type: nameType(settings),
    patch: built.patch,
    warnings: [
      ...told,
      ...collisions.harmless.map(formatIssue),
      ...describeEndlessSidecar(pod, settings),
      ...describeLostVolumes(pod, settings),
      ...describeNoCacheFile(settings),
    ],
    summary,
  }
}

function nameReason(first: Problem | undefined): DenyReason {
  if (first?.code === 'address_refused' || first?.code === 'policy_denied') return first.code
  return 'settings_invalid'
}

interface Sorted {
  readonly fatal: readonly Problem[]
  readonly harmless: readonly Problem[]
}

/** vault-k8s admits a pod with a problem that it would not have noticed; the author hears of it all the same. */
function sortProblems(problems: readonly Problem[], { lenient }: Profile): Sorted {
  if (!lenient) return { fatal: problems, harmless: [] }
  return {
    fatal: problems.filter(({ stage }) => stage !== undefined),
    harmless: problems.filter(({ stage }) => stage === undefined),
  }
}

interface Denial {
  readonly reason: DenyReason
  readonly problems: readonly Problem[]
  readonly warnings: readonly string[]
  readonly summary: OutcomeSummary
  readonly profile: Profile
}

/** The stages are words of vault-k8s, for those who know it. */
function describeDenial({ reason, problems, warnings, summary, profile }: Denial): Denied {
  const issues = profile.lenient ? problems : problems.map(({ stage: _, ...issue }) => issue)
  return { kind: 'denied', reason, issues, warnings, summary }
}

/** `settings` once they have been read. */
export function summarise(
  { profile, flavour }: Pick<WebhookDefaults, 'profile' | 'flavour'>,
  settings?: InjectionSettings,
): OutcomeSummary {
  return {
    role: (settings?.needsVault === true && settings.login.role) || undefined,
    stores: settings === undefined ? [] : listStores(settings),
    profile: profile.name,
    flavour: settings?.agent.flavour ?? flavour,
  }
}

/** The pod's own Vault has no name of its own. */
function listStores({ needsVault, stores }: InjectionSettings): readonly string[] {
  return [...(needsVault ? ['vault'] : []), ...stores.entries.map(({ name }) => name)]
}

function nameType({ placement: { init, sidecar } }: InjectionSettings): InjectionType {
  if (init) return sidecar ? 'init_and_sidecar' : 'init_only'
  return sidecar ? 'sidecar_only' : 'none'
}

function describeEndlessSidecar(
  { restartPolicy }: PodView,
  { placement, prefix }: InjectionSettings,
): readonly string[] {
  const ends = restartPolicy === 'Never' || restartPolicy === 'OnFailure'
  if (!placement.sidecar || placement.native || !ends) return []
  return [
    `the sidecar keeps a pod with restartPolicy ${restartPolicy} from completing; ${prefix}agent-pre-populate-only: "true" leaves it out`,
  ]
}

function describeLostVolumes(
  { volumes = [] }: PodView,
  { profile }: InjectionSettings,
): readonly string[] {
  if (!profile.lenient || volumes.length > 0) return []
  return ['the pod has no volumes of its own: of those that vault-k8s adds only the last stays']
}

function describeNoCacheFile(settings: InjectionSettings): readonly string[] {
  const { listener, prefix } = settings
  if (!listener.exitOnError || !keepsState(settings)) return []
  return [
    `${prefix}agent-cache-exit-on-err has no effect: the agent has a state instead of a cache to restore`,
  ]
}
