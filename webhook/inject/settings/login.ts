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
  const value = {
    type: reader.plain(annotations.authType) ?? defaults.authType,
    path: reader.plain(annotations.authPath) ?? defaults.authPath,
    role: reader.plain(annotations.role) ?? '',
    minBackoff: reader.plain(annotations.authMinBackoff) || undefined,
    maxBackoff: reader.plain(annotations.authMaxBackoff) || undefined,
    exitOnError: reader.plain(annotations.authExitOnError) ?? false,
  }
  const issues = [
    ...(reader.has(annotations.role) ? [] : [describeMissingRole(reader)]),
    ...checkBackoff(value, reader),
  ]
  return { value, issues, warnings: [] }
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
