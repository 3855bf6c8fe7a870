/** How the agent logs in. */
import { parseDuration } from '../../../core/duration.ts'
import type { Issue } from '../../../core/issue.ts'
import type { AnnotationReader } from '../annotation-reader.ts'
import { type AuthType, annotations } from '../annotations.ts'
import type { WebhookDefaults } from '../profiles.ts'
import type { Reading } from './reading.ts'

export interface LoginSettings {
  readonly type: AuthType
  readonly path: string
  readonly role: string
  /** Parameters of the method beside the role, by their names in the agent's configuration. */
  readonly parameters: ReadonlyMap<string, string>
  /** Go durations; the agent's default where absent. */
  readonly minBackoff: string | undefined
  readonly maxBackoff: string | undefined
  /** Whether the first login that fails ends the agent. */
  readonly exitOnError: boolean
}

/** Issue codes: `annotation_missing`, `annotation_conflict`. */
export function readLogin(
  reader: AnnotationReader,
  defaults: WebhookDefaults,
): Reading<LoginSettings> {
  const parameters = readParameters(reader)
  const parameterRole = parameters.get('role') ?? ''
  parameters.delete('role')
  const value = {
    type: reader.plain(annotations.authType) ?? defaults.authType,
    path: reader.plain(annotations.authPath) ?? defaults.authPath,
    role: reader.plain(annotations.role) ?? parameterRole,
    parameters,
    minBackoff: reader.plain(annotations.authMinBackoff) || undefined,
    maxBackoff: reader.plain(annotations.authMaxBackoff) || undefined,
    exitOnError: reader.plain(annotations.authExitOnError) ?? false,
  }
  const issues = [
    ...(reader.has(annotations.role) || parameterRole.trim() !== ''
      ? []
      : [describeMissingRole(reader)]),
    ...checkBackoff(value, reader),
  ]
  return { value, issues, warnings: describeUnknown(reader) }
}

const knownParameters = ['role', 'token_path', 'path', 'remove_jwt_after_reading']

/** Source: vault-k8s: every dash is an underscore. */
function nameParameter(name: string): string {
  return name.replaceAll('-', '_')
}

function readParameters(reader: AnnotationReader): Map<string, string> {
  const values = [...reader.family(annotations.authConfig)]
  return new Map(values.map(([name, value]) => [nameParameter(name), value]))
}

function describeUnknown(reader: AnnotationReader): readonly string[] {
  return reader
    .names(annotations.authConfig.key)
    .filter((name) => !knownParameters.includes(nameParameter(name)))
    .map((name) => `${reader.spell(annotations.authConfig.key + name)} has no effect on this agent`)
}

function describeMissingRole(reader: AnnotationReader): Issue {
  return {
    code: 'annotation_missing',
    path: reader.spell(annotations.role.key),
    expected: annotations.role.kind.expected,
    hint: 'the annotation is missing',
  }
}

/** Source: Vault Agent, which does not start otherwise; 1 s and 5 min are its defaults. */
function checkBackoff(
  { minBackoff = '1s', maxBackoff = '5m' }: LoginSettings,
  reader: AnnotationReader,
): readonly Issue[] {
  if (readMs(minBackoff) <= readMs(maxBackoff)) return []
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
