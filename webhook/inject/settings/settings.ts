/** A pod's annotations and the operator's defaults as one typed value, or everything that is wrong with them. */
import { formatIssue } from '../../../core/issue.ts'
import type { PolicyPreset } from '../../../core/template/policy.ts'
import type { Prefix } from '../annotations/annotation.ts'
import { type AnnotationReader, createAnnotationReader } from '../annotations/annotation-reader.ts'
import { annotations } from '../annotations/annotations.ts'
import type { Inherited } from '../annotations/inherited.ts'
import { createKeyIndex, type Found, type KeyIndex } from '../annotations/key-index.ts'
import type { PodView } from '../pod.ts'
import type { Problem } from '../problem.ts'
import type { Profile, Resources, WebhookDefaults } from '../profiles.ts'
import { readDescribedStores } from '../stores/described-stores.ts'
import { type AgentImage, readAgentImage } from './agent-image.ts'
import { type CloudIdentity, readCloudIdentity } from './cloud-identity.ts'
import { readHibernation } from './hibernation.ts'
import { type Identity, readIdentity } from './identity.ts'
import { type ListenerSettings, readListener } from './listener.ts'
import { readLogin } from './login.ts'
import type { LoginSettings } from './login-settings.ts'
import { type Placement, readPlacement } from './placement.ts'
import { describeUnreadable } from './readable-files.ts'
import type { Reading } from './reading.ts'
import { readResources } from './resources.ts'
import { describeNoRevocation } from './revocation.ts'
import { readSecretFiles, type SecretFiles } from './secrets.ts'
import { readStore, type StoreSettings } from './store.ts'
import { readStores, type StoresSettings } from './stores.ts'
import { readTelemetry, type Telemetry } from './telemetry.ts'
import { checkTemplates } from './template-checks.ts'
import { readTemplating, type TemplatingSettings } from './templating.ts'
import { readTokenSource } from './token.ts'
import type { TokenSource } from './token-source.ts'
import { findVaultNeed } from './vault-need.ts'

export interface InjectionSettings extends SecretFiles {
  readonly profile: Profile
  /** The prefix the pod used: the status is written under it. */
  readonly prefix: Prefix
  readonly agent: AgentImage
  readonly store: StoreSettings
  /** The others. */
  readonly stores: StoresSettings
  /** Whether the agent logs in to the pod's own Vault. */
  readonly needsVault: boolean
  /** The Secret to mount for whatever the agent needs. */
  readonly extraSecret: string | undefined
  /** The ConfigMap with the agent's configuration, instead of one made of these settings. */
  readonly configMap: string | undefined
  /** Undefined leaves it to the agent. */
  readonly log: { readonly level: string | undefined; readonly format: string | undefined }
  readonly goMaxProcs: string | undefined
  readonly login: LoginSettings
  readonly token: TokenSource
  readonly cloud: CloudIdentity
  readonly templating: TemplatingSettings
  /** What templates may reach besides the store. */
  readonly templatePolicy: PolicyPreset
  readonly listener: ListenerSettings
  readonly telemetry: Telemetry | undefined
  /** Where the agent sends spans; undefined: nowhere. */
  readonly tracesEndpoint: string | undefined
  /** Seconds to wait before the token is revoked at the pod's end, as text; undefined leaves it alone. */
  readonly revokeGrace: string | undefined
  /** Whether the sidecar may give its memory back between two steps. */
  readonly hibernate: boolean
  /** Undefined leaves the agent without a security context. */
  readonly identity: Identity | undefined
  readonly placement: Placement
  readonly resources: Resources
  /** Upper bound of each memory volume; empty for none. */
  readonly volumeSize: string
  /** JSON Patches for the agent's containers, as text; undefined for none. */
  readonly patches: { readonly init: string | undefined; readonly sidecar: string | undefined }
}

/** `warnings` are for the author of the pod: harmless by themselves, and often the reason of a problem. */
export interface SettingsReading {
  /** Of use only without problems that matter in the profile. */
  readonly settings: InjectionSettings
  /** The annotations that were read, by key. */
  readonly found: ReadonlyMap<string, Found>
  readonly problems: readonly Problem[]
  readonly warnings: readonly string[]
}

/** All problems at once; `inherited` is what the namespace gives. Problem codes: `annotation_value`, `annotation_conflict`, `annotation_missing` and those of the topics. */
export function readSettings(
  pod: PodView,
  defaults: WebhookDefaults,
  inherited: ReadonlyMap<string, Inherited> = new Map(),
): SettingsReading {
  const index = createKeyIndex(pod.annotations, defaults.profile, inherited)
  const reader = createReader(index, defaults)
  const configMap = reader.plain(annotations.configMap) || undefined
  const generated = configMap === undefined
  const topics = readTopics(reader, pod, { defaults, generated, inherited })
  const settings = gather(reader, topics, { pod, defaults, configMap })
  const readings: readonly Reading<unknown>[] = Object.values(topics)
  const templates = checkTemplates(settings, reader)
  return {
    settings,
    found: index.found,
    problems: [
      ...reader.issues,
      ...readings.flatMap((topic) => topic.problems),
      ...checkRequestNamespace(reader),
      ...templates.problems,
    ],
    warnings: [
      ...reader.warnings,
      ...readings.flatMap((topic) => topic.warnings),
      ...templates.warnings.map(formatIssue),
      ...describeUnreadable(settings, pod, reader),
      ...describeNoRevocation(settings, pod, reader),
    ],
  }
}

/** Which annotations have an effect depends on the agent, which annotations choose. */
function createReader(index: KeyIndex, defaults: WebhookDefaults): AnnotationReader {
  const origin = { profile: defaults.profile, fallbacks: defaults.annotations }
  const { flavour } = readAgentImage(createAnnotationReader(index, origin), defaults).value
  const agent = flavour === 'claviger' ? 'claviger' : 'stock'
  return createAnnotationReader(index, { ...origin, agent })
}

interface Context {
  readonly defaults: WebhookDefaults
  readonly generated: boolean
  readonly inherited: ReadonlyMap<string, Inherited>
}

function readTopics(reader: AnnotationReader, pod: PodView, context: Context) {
  const { defaults, generated, inherited } = context
  const { profile } = defaults
  const agent = readAgentImage(reader, defaults)
  const { flavour } = agent.value
  const described = readDescribedStores(reader, { defaults, flavour, inherited })
  const { references } = described.value
  const secrets = readSecretFiles(reader, { profile, references })
  const { files, tokenFile } = secrets.value
  const stores = readStores(reader, { pod, files, generated, stores: described.value })
  const placement = readPlacement(reader, pod, profile)
  const listener = readListener(reader, placement.value)
  const token = readTokenSource(reader, pod, profile)
  const asks = profile.lenient || files.length > 0 || tokenFile !== undefined
  const needsVault = findVaultNeed(reader, { generated, stores: stores.value, tokenFile, listener })
  return {
    agent,
    needsVault: { value: needsVault, problems: [], warnings: [] },
    login: readLogin(reader, defaults, { generated: generated && needsVault, flavour }),
    described,
    stores,
    store: readStore(reader, defaults, { needsAddress: generated && needsVault && asks }),
    token: needsVault ? token : { ...token, problems: [], warnings: [] },
    listener: { value: listener, problems: [], warnings: [] },
    identity: readIdentity(reader, pod, profile),
    placement,
    secrets,
    resources: readResources(reader, defaults),
    telemetry: readTelemetry(reader, flavour),
    hibernation: readHibernation(reader, { generated }),
  }
}

interface GatherContext {
  readonly pod: PodView
  readonly defaults: WebhookDefaults
  readonly configMap: string | undefined
}

function gather(
  reader: AnnotationReader,
  topics: ReturnType<typeof readTopics>,
  { pod, defaults, configMap }: GatherContext,
): InjectionSettings {
  const { login, placement, secrets, needsVault, stores } = topics
  const { profile } = defaults
  const revokes = reader.plain(annotations.revokeOnShutdown) ?? false
  const grace = reader.plain(annotations.revokeGrace) ?? 5
  return {
    profile,
    prefix: reader.prefix,
    agent: topics.agent.value,
    store: topics.store.value,
    stores: stores.value,
    needsVault: needsVault.value,
    extraSecret: reader.plain(annotations.extraSecret) || undefined,
    configMap,
    log: {
      level: (reader.plain(annotations.logLevel) ?? profile.logLevel) || undefined,
      format: (reader.plain(annotations.logFormat) ?? profile.logFormat) || undefined,
    },
    goMaxProcs: reader.plain(annotations.goMaxProcs) || undefined,
    login: login.value,
    token: topics.token.value,
    cloud: readCloudIdentity(reader, pod, {
      login: needsVault.value ? login.value : undefined,
      profile,
      copies: stores.value.copies,
      copiedMounts: placement.value.copiedMounts,
    }),
    identity: topics.identity.value,
    placement: placement.value,
    templating: readTemplating(reader),
    templatePolicy: defaults.templatePolicy,
    listener: topics.listener.value,
    telemetry: topics.telemetry.value,
    tracesEndpoint: reader.plain(annotations.tracesEndpoint) || undefined,
    revokeGrace: revokes ? String(grace) : undefined,
    hibernate: topics.hibernation.value,
    resources: topics.resources.value,
    volumeSize: reader.plain(annotations.volumeSize) ?? profile.memoryVolumeLimit,
    patches: {
      init: reader.plain(annotations.initJsonPatch) || undefined,
      sidecar: reader.plain(annotations.jsonPatch) || undefined,
    },
    ...secrets.value,
  }
}

/** Source: vault-k8s, which takes any other value and uses none. */
function checkRequestNamespace(reader: AnnotationReader): readonly Problem[] {
  if (reader.plain(annotations.requestNamespace) !== '') return []
  return [
    {
      code: 'annotation_missing',
      path: reader.spell(annotations.requestNamespace.key),
      expected: 'no such annotation; it has no effect',
      stage: 'validate',
    },
  ]
}
