/** How the agent logs in. */
import { parseDuration } from '../../../core/duration.ts'
import type { AnnotationReader } from '../annotations/annotation-reader.ts'
import { annotations } from '../annotations/annotations.ts'
import type { Flavour } from '../annotations/container-annotations.ts'
import { tokenAuthTypes } from '../annotations/login-annotations.ts'
import type { Problem } from '../problem.ts'
import type { WebhookDefaults } from '../profiles.ts'
import type { LoginSettings } from './login-settings.ts'
import { checkOwnMethod, nameParameter } from './own-methods.ts'
import type { Reading } from './reading.ts'

export interface LoginContext {
  /** Whether the agent's configuration is made of these settings. */
  readonly generated: boolean
  readonly flavour: Flavour
}

/** Problem codes: `annotation_missing`, `annotation_conflict`, `annotation_value`. */
export function readLogin(
  reader: AnnotationReader,
  defaults: WebhookDefaults,
  { generated, flavour }: LoginContext,
): Reading<LoginSettings> {
  const parameters = readParameters(reader)
  const parameterRole = parameters.get('role') ?? ''
  if (!defaults.profile.lenient) parameters.delete('role')
  const value = {
    type: reader.plain(annotations.authType) ?? (defaults.authType || 'kubernetes'),
    path: reader.plain(annotations.authPath) ?? defaults.authPath,
    role: reader.plain(annotations.role) || parameterRole,
    parameters,
    minBackoff: reader.plain(annotations.authMinBackoff) || undefined,
    maxBackoff: reader.plain(annotations.authMaxBackoff) || undefined,
    exitOnError: reader.plain(annotations.authExitOnError) ?? false,
  }
  const problems = [
    ...(defaults.authPath === '' ? [describeNoDefaultPath()] : []),
    ...(generated ? findMissing(value, reader) : []),
    ...(flavour === 'claviger' ? checkOwnMethod(value, reader, { generated }) : []),
    ...checkBackoff(value, reader),
  ]
  return { value, problems, warnings: describeUnknown(value, reader) }
}

const knownParameters = [
  'role',
  'token_path',
  'path',
  'remove_jwt_after_reading',
  'remove_jwt_follows_symlinks',
]

function readParameters(reader: AnnotationReader): Map<string, string> {
  const values = [...reader.family(annotations.authConfig)]
  return new Map(values.map(([name, value]) => [nameParameter(name), value]))
}

/** What other methods take the agent knows better. */
function describeUnknown({ type }: LoginSettings, reader: AnnotationReader): readonly string[] {
  if (!tokenAuthTypes.includes(type)) return []
  return reader
    .names(annotations.authConfig)
    .filter((name) => !knownParameters.includes(nameParameter(name)))
    .map(
      (name) =>
        `${reader.spell(annotations.authConfig.key + name)} is no parameter of ${type} and has no effect`,
    )
}

/** Source: vault-k8s: the annotation does not help against an empty `-vault-auth-path`. */
function describeNoDefaultPath(): Problem {
  return {
    code: 'operator_default',
    path: '-vault-auth-path',
    expected: annotations.authPath.kind.expected,
    hint: 'the operator of the webhook has set it to ""',
    stage: 'defaults',
  }
}

/** A wrong value is a problem already, an empty one only where an empty one is read. */
function findMissing(
  { type, path, role }: LoginSettings,
  reader: AnnotationReader,
): readonly Problem[] {
  const needsRole = tokenAuthTypes.includes(type)
  const rows = [
    ...(needsRole && role.trim() === '' ? [annotations.role] : []),
    ...(type === '' ? [annotations.authType] : []),
    ...(path === '' ? [annotations.authPath] : []),
  ]
  return rows
    .filter((row) => !reader.isWrong(row))
    .map((row) => ({
      code: 'annotation_missing',
      path: reader.spell(row.key),
      expected: row.kind.expected,
      hint: reader.has(row) ? 'it is empty' : 'the annotation is missing',
      ...(isMinded(row, { type, role }) ? { stage: 'validate' as const } : {}),
    }))
}

/** vault-k8s takes a blank role for one, and leaves it to the store whether `jwt` needs any. */
function isMinded(
  row: { readonly key: string },
  { type, role }: Pick<LoginSettings, 'type' | 'role'>,
): boolean {
  return row !== annotations.role || (type === 'kubernetes' && role === '')
}

/** Source: Vault Agent, which does not start otherwise; 1 s and 5 min are its defaults. */
function checkBackoff(
  { minBackoff = '1s', maxBackoff = '5m' }: LoginSettings,
  reader: AnnotationReader,
): readonly Problem[] {
  if (!(readMs(minBackoff) > readMs(maxBackoff))) return []
  const min = reader.spell(annotations.authMinBackoff.key)
  const max = reader.spell(annotations.authMaxBackoff.key)
  return [
    {
      code: 'annotation_conflict',
      path: reader.has(annotations.authMinBackoff) ? min : max,
      expected: `${min} (${minBackoff}) to be no more than ${max} (${maxBackoff})`,
    },
  ]
}

function readMs(duration: string): number {
  const parsed = parseDuration(duration, '')
  return parsed.kind === 'ok' ? parsed.value : Number.NaN
}
