/** A pod's annotations and the operator's defaults as one typed value, or everything that is wrong with them. */
import type { Issue } from '../../core/issue.ts'
import type { Prefix } from './annotation.ts'
import { type AnnotationReader, createAnnotationReader } from './annotation-reader.ts'
import { type AuthType, annotations } from './annotations.ts'
import type { Profile, PullPolicy, Resources, WebhookDefaults } from './profiles.ts'
import { readResources } from './resources.ts'
import { readSecretFiles, type SecretFile } from './secrets.ts'

export interface InjectionSettings {
  readonly profile: Profile
  /** The prefix the pod used: the status is written under it. */
  readonly prefix: Prefix
  readonly image: string
  readonly imagePullPolicy?: PullPolicy
  /** Address of the store. */
  readonly address: string
  readonly auth: { readonly type: AuthType; readonly path: string; readonly role: string }
  /** Whether there is an init container; there is an init container or a sidecar. */
  readonly init: boolean
  readonly sidecar: boolean
  /** How often secrets without a lease are read again, a Go duration; the agent's default when absent. */
  readonly staticInterval?: string
  readonly resources: Resources
  /** The memory volumes of the secrets, by where they are mounted; the first is the default one. */
  readonly directories: readonly string[]
  readonly files: readonly SecretFile[]
}

/** `warnings` are for the author of the pod: harmless by themselves, and often the reason of an issue. */
export type SettingsReading = { readonly warnings: readonly string[] } & (
  | { readonly kind: 'settings'; readonly settings: InjectionSettings }
  | { readonly kind: 'issues'; readonly issues: readonly Issue[] }
)

/** All problems at once. Issue codes: `annotation_value`, `annotation_conflict`, `annotation_missing` and those of secrets and resources. */
export function readSettings(
  all: ReadonlyMap<string, string>,
  defaults: WebhookDefaults,
): SettingsReading {
  const reader = createAnnotationReader(all)
  const { profile } = defaults
  const role = reader.plain(annotations.role)
  const init = reader.plain(annotations.prePopulate) ?? true
  const sidecar = !(reader.plain(annotations.prePopulateOnly) ?? false)
  const secrets = readSecretFiles(
    reader,
    reader.plain(annotations.secretVolumePath) ?? profile.secretsPath,
  )
  const resources = readResources(reader, defaults.resources)
  const staticInterval = reader.plain(annotations.staticInterval)
  const settings: InjectionSettings = {
    profile,
    prefix: reader.prefix,
    image: reader.plain(annotations.image) ?? defaults.image,
    ...(defaults.imagePullPolicy === undefined
      ? {}
      : { imagePullPolicy: defaults.imagePullPolicy }),
    address: reader.plain(annotations.service) ?? defaults.address,
    auth: {
      type: reader.plain(annotations.authType) ?? defaults.authType,
      path: reader.plain(annotations.authPath) ?? defaults.authPath,
      role: role ?? '',
    },
    init,
    sidecar,
    ...(staticInterval === undefined ? {} : { staticInterval }),
    resources: resources.value,
    directories: secrets.directories,
    files: secrets.files,
  }
  const warnings = [
    ...reader.warnings,
    ...secrets.warnings,
    ...describeNoFiles(secrets.files, reader),
  ]
  const issues = [
    ...reader.issues,
    ...(reader.has(annotations.role) ? [] : [describeMissingRole(reader)]),
    ...(init || sidecar ? [] : [describeNoAgent(reader)]),
    ...secrets.issues,
    ...resources.issues,
  ]
  return issues.length === 0
    ? { kind: 'settings', settings, warnings }
    : { kind: 'issues', issues, warnings }
}

function describeMissingRole(reader: AnnotationReader): Issue {
  return {
    code: 'annotation_missing',
    path: reader.spell(annotations.role.key),
    expected: annotations.role.kind.expected,
    hint: 'the annotation is missing',
  }
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

function describeNoFiles(
  files: readonly SecretFile[],
  reader: AnnotationReader,
): readonly string[] {
  if (files.length > 0) return []
  return [`no secret is declared; ${reader.spell(annotations.secret.key)}<name> declares one`]
}
