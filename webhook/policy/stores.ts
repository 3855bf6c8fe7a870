/** Stores beside the pod's own Vault: who describes them, their types, and their secrets. */
import { storeNamePattern } from '../../core/reference.ts'
import { isGlob, matchGlob } from './glob.ts'
import { paths } from './paths.ts'
import { anything, type SubjectKind } from './subject-kind.ts'

const matchName: SubjectKind['allows'] = (pattern, value, values) =>
  matchGlob(pattern, value, { values })

/** A name of the operator's list; `pod:NAME`, `namespace:NAME` for what they describe, `type:NAME` for a bare type. */
export const stores: SubjectKind = {
  expected:
    'the name of a store of the operator’s list, "pod:*", "namespace:*" or "type:*", or a pattern of one',
  isPattern: (pattern) => isGlob(pattern) && !/[^a-z0-9:*{}A-Z-]/.test(pattern),
  allows: matchListed,
  denies: matchName,
}

/** A wildcard alone must not let in what the operator has not listed. */
function matchListed(...[pattern, value, values]: Parameters<SubjectKind['allows']>): boolean {
  if (pattern === anything) return true
  return pattern.includes(':') === value.includes(':') && matchName(pattern, value, values)
}

export const storeTypes: SubjectKind = {
  expected: 'the type of a store, such as "aws"',
  isPattern: (pattern) => isGlob(pattern) && /^[a-z0-9*]+$/.test(pattern),
  allows: matchName,
  denies: matchName,
}

/** `NAME:PATH`; the path as of Vault, with `/` between its parts. */
export const storePaths: SubjectKind = {
  expected: 'a store and a path or pattern, such as "aws:prod/{namespace}/*"',
  isPattern: (pattern) => {
    const { name, path } = split(pattern)
    return (name === anything || storeNamePattern.test(name)) && paths.isPattern(path)
  },
  allows: (pattern, value, values) => {
    const [wanted, given] = [split(pattern), split(value)]
    return matchGlob(wanted.name, given.name) && paths.allows(wanted.path, given.path, values)
  },
  denies: (pattern, value, values) => {
    const [wanted, given] = [split(pattern), split(value)]
    return matchGlob(wanted.name, given.name) && paths.denies(wanted.path, given.path, values)
  },
}

function split(text: string): { readonly name: string; readonly path: string } {
  const at = text.indexOf(':')
  return at < 0 ? { name: '', path: text } : { name: text.slice(0, at), path: text.slice(at + 1) }
}
