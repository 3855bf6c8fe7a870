/** Secrets of the store, by their paths. */
import { isGlob, matchGlob } from './glob.ts'
import type { SubjectKind } from './subject-kind.ts'

export const paths: SubjectKind = {
  expected: 'a path of the store or a pattern such as "secret/data/{namespace}/*"',
  isPattern: (pattern) => isGlob(pattern) && !/^\/|[?%]|\/$/.test(pattern),
  allows: (pattern, value, values) => {
    const path = normalizePath(value)
    return path !== undefined && matchGlob(pattern, path, { separator: '/', values })
  },
  denies: (pattern, value, values) => {
    const path = normalizePath(value)
    if (path === undefined) return true
    return [path, ...insertData(path)].some((each) =>
      matchGlob(pattern, each, { separator: '/', values }),
    )
  },
}

/** Undefined for what a store could take for another path. Source: consul-template, NewVaultReadQuery. */
function normalizePath(value: string): string | undefined {
  const [path = ''] = value.trim().split('?', 1)
  const trimmed = path.trim().replace(/^\/+|\/+$/g, '')
  const segments = trimmed.split('/')
  const odd = segments.some((segment) => segment === '' || /^\.\.?$|[%\\\p{Cc}]/u.test(segment))
  return odd ? undefined : trimmed
}

/** The agent inserts `data` behind the mount of a KV v2 path that lacks it, and a mount may be of several segments. */
function insertData(path: string): readonly string[] {
  const segments = path.split('/')
  return segments
    .slice(1)
    .map((_, index) =>
      [...segments.slice(0, index + 1), 'data', ...segments.slice(index + 1)].join('/'),
    )
}
