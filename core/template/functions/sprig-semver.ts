/** sprig's semantic versions. Source: sprig's semver.go. */
import { parseVersion } from '../semver.ts'
import { satisfies } from '../semver-constraint.ts'
import { versionValue } from '../semver-value.ts'
import { binary, type GoFunction, stringParameter, unary } from './function.ts'

export const sprigSemverFunctions: readonly GoFunction[] = [
  unary('sprig_semver', stringParameter, (text) => versionValue(parseVersion(text))),
  binary('sprig_semverCompare', [stringParameter, stringParameter], (constraint, text) => {
    // A bad constraint is reported before a bad version.
    const check = satisfies(constraint)
    return check(parseVersion(text))
  }),
]
