/** A pod's annotations and the operator's defaults as one typed value, or everything that is wrong with them. */
import type { Issue } from '../../core/issue.ts'
import type { LogFormat, LogLevel } from '../../core/log.ts'
import type { Prefix } from './annotation.ts'
import { type AnnotationReader, createAnnotationReader } from './annotation-reader.ts'
import { annotations } from './annotations.ts'
import type { PodView } from './pod.ts'
import type { Profile, PullPolicy, Resources, WebhookDefaults } from './profiles.ts'
import { readResources } from './resources.ts'
import { readSecretFiles, type SecretFile } from './secrets.ts'
import { type Identity, readIdentity } from './settings/identity.ts'
import { type LoginSettings, readLogin } from './settings/login.ts'
import { type Placement, readPlacement } from './settings/placement.ts'
import type { Reading } from './settings/reading.ts'
import { readStore, type StoreSettings } from './settings/store.ts'
import { readTemplating, type TemplatingSettings } from './settings/templating.ts'
import { readTokenSource, type TokenSource } from './settings/token.ts'

export interface InjectionSettings {
  readonly profile: Profile
  /** The prefix the pod used: the status is written under it. */
  readonly prefix: Prefix
  readonly image: string
  readonly imagePullPolicy: PullPolicy | undefined
  readonly store: StoreSettings
  /** The Secret to mount for whatever the agent needs. */
  readonly extraSecret: string | undefined
  readonly log: { readonly level: LogLevel; readonly format: LogFormat }
  readonly login: LoginSettings
  readonly token: TokenSource
  readonly templating: TemplatingSettings
  /** Undefined leaves the agent without a security context. */
  readonly identity: Identity | undefined
  readonly placement: Placement
  /** Whether there is an init container; there is an init container or a sidecar. */
  readonly init: boolean
  readonly sidecar: boolean
  readonly resources: Resources
  /** The memory volumes of the secrets, by where they are mounted; the first is the default one. */
  readonly directories: readonly string[]
  readonly files: readonly SecretFile[]
  /** The file that gets the agent's token. */
  readonly tokenFile: string | undefined
}

/** `warnings` are for the author of the pod: harmless by themselves, and often the reason of an issue. */
export type SettingsReading = { readonly warnings: readonly string[] } & (
  | { readonly kind: 'settings'; readonly settings: InjectionSettings }
  | { readonly kind: 'issues'; readonly issues: readonly Issue[] }
)

/** All problems at once. Issue codes: `annotation_value`, `annotation_conflict`, `annotation_missing` and those of the topics. */
export function readSettings(pod: PodView, defaults: WebhookDefaults): SettingsReading {
  const reader = createAnnotationReader(pod.annotations, defaults.annotations)
  const topics = readTopics(reader, pod, defaults)
  const { login, store, token, identity, placement, agents, secrets, resources } = topics
  const { profile, imagePullPolicy } = defaults
  const settings: InjectionSettings = {
    profile,
    prefix: reader.prefix,
    image: reader.plain(annotations.image) ?? defaults.image,
    imagePullPolicy,
    store: store.value,
    extraSecret: reader.plain(annotations.extraSecret) || undefined,
    log: {
      level: reader.plain(annotations.logLevel) ?? profile.logLevel,
      format: reader.plain(annotations.logFormat) ?? profile.logFormat,
    },
    login: login.value,
    token: token.value,
    identity: identity.value,
    placement: placement.value,
    templating: readTemplating(reader),
    resources: resources.value,
    ...agents.value,
    ...secrets.value,
  }
  const readings = Object.values(topics)
  const issues = [...reader.issues, ...readings.flatMap((topic) => topic.issues)]
  const warnings = [...reader.warnings, ...readings.flatMap((topic) => topic.warnings)]
  return issues.length === 0
    ? { kind: 'settings', settings, warnings }
    : { kind: 'issues', issues, warnings }
}

function readTopics(reader: AnnotationReader, pod: PodView, defaults: WebhookDefaults) {
  const { profile } = defaults
  const directory = reader.plain(annotations.secretVolumePath) ?? profile.secretsPath
  return {
    login: readLogin(reader, defaults),
    agents: readAgents(reader),
    store: readStore(reader, defaults),
    token: readTokenSource(reader, pod),
    identity: readIdentity(reader, pod, profile),
    placement: readPlacement(reader, pod),
    secrets: readSecretFiles(reader, directory),
    resources: readResources(reader, defaults.resources),
  }
}

function readAgents(
  reader: AnnotationReader,
): Reading<{ readonly init: boolean; readonly sidecar: boolean }> {
  const init = reader.plain(annotations.prePopulate) ?? true
  const sidecar = !(reader.plain(annotations.prePopulateOnly) ?? false)
  const issues = init || sidecar ? [] : [describeNoAgent(reader)]
  return { value: { init, sidecar }, issues, warnings: [] }
}

function describeNoAgent(reader: AnnotationReader): Issue {
  return {
    code: 'annotation_conflict',
    path: reader.spell(annotations.prePopulateOnly.key),
    expected: `"false" while ${reader.spell(annotations.prePopulate.key)} is "false"`,
    got: 'true',
    hint: 'together they leave no agent at all',
  }
}
