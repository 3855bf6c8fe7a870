/** As whom the agent runs. */
import type { AnnotationReader } from '../annotations/annotation-reader.ts'
import { annotations } from '../annotations/annotations.ts'
import type { Whole } from '../kinds/stock-kinds.ts'
import type { PodView } from '../pod.ts'
import type { Problem } from '../problem.ts'
import type { Profile } from '../profiles.ts'
import type { Reading } from './reading.ts'

/** `auto` leaves it to the cluster. */
export type UserId = Whole | 'auto'

export interface Identity {
  readonly user: UserId
  readonly group: UserId
}

/** Undefined leaves the agent without a security context, for clusters that assign one. Problem code: `same_user`. */
export function readIdentity(
  reader: AnnotationReader,
  pod: PodView,
  profile: Profile,
): Reading<Identity | undefined> {
  const wanted = wantsSecurityContext(reader)
  const same = reader.plain(annotations.runAsSameUser) ?? false
  const chosen = reader.plain(annotations.runAsUser) ?? profile.runAsUser
  const group = reader.plain(annotations.runAsGroup) ?? profile.runAsGroup
  const user = same ? findAppUser(pod, profile) : chosen
  const problems = user === undefined || isRoot(user, same) ? [describeUnknownUser(reader)] : []
  const value = wanted ? { user: user ?? chosen, group } : undefined
  // vault-k8s looks at the user even where it writes none.
  const minded = wanted || profile.lenient ? problems : []
  return {
    value,
    problems: minded,
    warnings: wanted ? describeOverruled(reader, same) : describeUnused(reader),
  }
}

function isRoot(user: UserId, same: boolean): boolean {
  return same && user === 0
}

/** vault-k8s looks at nothing but the first container. */
function findAppUser(pod: PodView, { lenient }: Profile): number | undefined {
  const own = pod.containers[0]?.runAsUser
  return lenient ? own : (own ?? pod.runAsUser)
}

const identityRows = [annotations.runAsUser, annotations.runAsGroup, annotations.runAsSameUser]

/** A pod that says who the agent is wants it, whatever the operator's default. Source: vault-k8s. */
function wantsSecurityContext(reader: AnnotationReader): boolean {
  const { setSecurityContext } = annotations
  const wanted = reader.plain(setSecurityContext) ?? true
  return wanted || (!reader.has(setSecurityContext) && identityRows.some((row) => reader.has(row)))
}

function describeOverruled(reader: AnnotationReader, same: boolean): readonly string[] {
  if (!same || !reader.has(annotations.runAsUser)) return []
  const [user, rule] = [annotations.runAsUser, annotations.runAsSameUser]
  return [`${reader.spell(user.key)} has no effect beside ${reader.spell(rule.key)}`]
}

function describeUnused(reader: AnnotationReader): readonly string[] {
  const off = reader.spell(annotations.setSecurityContext.key)
  return identityRows
    .filter((row) => reader.has(row))
    .map(({ key }) => `${reader.spell(key)} has no effect beside ${off}: "false"`)
}

function describeUnknownUser(reader: AnnotationReader): Problem {
  return {
    code: 'same_user',
    path: reader.spell(annotations.runAsSameUser.key),
    expected: 'runAsUser in the securityContext of the first container or of the pod, and not 0',
    hint: `or write the user into ${reader.spell(annotations.runAsUser.key)}`,
    stage: 'parse',
  }
}
