/** As whom the agent runs. */
import type { Issue } from '../../../core/issue.ts'
import type { AnnotationReader } from '../annotation-reader.ts'
import { annotations } from '../annotations.ts'
import type { PodView } from '../pod.ts'
import type { Profile } from '../profiles.ts'
import type { Reading } from './reading.ts'

export interface Identity {
  readonly user: number
  readonly group: number
}

/** Undefined leaves the agent without a security context, for clusters that assign one. Issue code: `same_user`. */
export function readIdentity(
  reader: AnnotationReader,
  pod: PodView,
  profile: Profile,
): Reading<Identity | undefined> {
  const wanted = wantsSecurityContext(reader)
  const same = reader.plain(annotations.runAsSameUser) ?? false
  const chosen = reader.plain(annotations.runAsUser) ?? profile.runAsUser
  const group = reader.plain(annotations.runAsGroup) ?? profile.runAsGroup
  if (!wanted) return { value: undefined, issues: [], warnings: describeUnused(reader) }
  if (!same) return { value: { user: chosen, group }, issues: [], warnings: [] }
  const user = pod.containers[0]?.runAsUser ?? pod.runAsUser
  const known = user !== undefined && user !== 0
  return {
    value: { user: known ? user : chosen, group },
    issues: known ? [] : [describeUnknownUser(reader)],
    warnings: reader.has(annotations.runAsUser)
      ? [
          `${reader.spell(annotations.runAsUser.key)} has no effect beside ${reader.spell(annotations.runAsSameUser.key)}`,
        ]
      : [],
  }
}

const identityRows = [annotations.runAsUser, annotations.runAsGroup, annotations.runAsSameUser]

/** A pod that says who the agent is wants it, whatever the operator's default. Source: vault-k8s. */
function wantsSecurityContext(reader: AnnotationReader): boolean {
  const { setSecurityContext } = annotations
  const wanted = reader.plain(setSecurityContext) ?? true
  return wanted || (!reader.has(setSecurityContext) && identityRows.some((row) => reader.has(row)))
}

function describeUnused(reader: AnnotationReader): readonly string[] {
  const off = reader.spell(annotations.setSecurityContext.key)
  return identityRows
    .filter((row) => reader.has(row))
    .map(({ key }) => `${reader.spell(key)} has no effect beside ${off}: "false"`)
}

function describeUnknownUser(reader: AnnotationReader): Issue {
  return {
    code: 'same_user',
    path: reader.spell(annotations.runAsSameUser.key),
    expected: 'runAsUser in the securityContext of the first container or of the pod, and not 0',
    hint: `or write the user into ${reader.spell(annotations.runAsUser.key)}`,
  }
}
