/** What a policy can say of values: one row a subject. */
import { isGlob, lowerCase, matchGlob } from './glob.ts'
import { images } from './images.ts'
import { addresses } from './origins.ts'
import { paths } from './paths.ts'
import type { Subject } from './policy.ts'
import { storePaths, stores, storeTypes } from './stores.ts'
import { anything, type SubjectKind } from './subject-kind.ts'

/** Lower case, as Vault's Kubernetes and JWT auth methods take names of roles. */
const matchRole: SubjectKind['allows'] = (pattern, value, values) =>
  matchGlob(lowerCase(pattern), value.trim().toLowerCase(), { values })

const matchText: SubjectKind['allows'] = (pattern, value, values) =>
  matchGlob(pattern, value.trim(), { values })

/** With these an allowed command could be followed by another one. */
const shellCharacters = /[;&|<>$`()\\\n\r]/

const roles: SubjectKind = {
  expected: 'the name of a role or a pattern such as "{serviceAccount}" or "team-*"',
  isPattern: isGlob,
  allows: matchRole,
  denies: matchRole,
}

const profiles: SubjectKind = {
  expected: 'the name of a profile',
  isPattern: isGlob,
  allows: matchText,
  denies: matchText,
}

const commands: SubjectKind = {
  expected: 'a command or a pattern such as "pkill -HUP *"',
  isPattern: (pattern) => pattern.trim() !== '',
  allows: (pattern, value) =>
    pattern === anything || matchCommand(pattern, value, { literal: shellCharacters }),
  denies: (pattern, value) => matchCommand(pattern, value, {}),
}

/** Commands are full of curly braces: there are no placeholders in them. */
function matchCommand(pattern: string, value: string, options: { readonly literal?: RegExp }) {
  return matchGlob(
    pattern.replaceAll('{', '\u0001'),
    value.trim().replaceAll('{', '\u0001'),
    options,
  )
}

/** One row a subject. */
export const subjectKinds: Readonly<Record<Subject, SubjectKind>> = {
  addresses,
  roles,
  images,
  commands,
  paths,
  profiles,
  stores,
  storeTypes,
  storePaths,
}
