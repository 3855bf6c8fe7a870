/** How a policy names annotations: keys without prefix, patterns of them, and classes. */
import { type AnnotationClass, annotationClasses } from '../inject/annotations/annotation.ts'
import { annotations } from '../inject/annotations/annotations.ts'
import { matchGlob } from './glob.ts'

export const annotationPattern =
  'the key of an annotation without prefix, a pattern such as "agent-inject-command-*", or a class such as "class:gated"'

const rows = Object.values(annotations)
const keys = rows.map(({ key }) => key)
const families = keys.filter((key) => key.endsWith('-'))

/** A pattern that no annotation could have is a slip of the pen, and would protect nothing. */
export function isAnnotationPattern(pattern: string): boolean {
  if (pattern.startsWith(classPrefix)) {
    return annotationClasses.some((name) => pattern === classPrefix + name)
  }
  const star = pattern.indexOf('*')
  const head = star === -1 ? pattern : pattern.slice(0, star)
  if (families.some((family) => head.startsWith(family))) return true
  return star === -1 ? keys.includes(pattern) : keys.some((key) => key.startsWith(head))
}

const classPrefix = 'class:'

export function namesAnnotation(
  patterns: readonly string[],
  key: string,
  annotationClass: AnnotationClass,
): boolean {
  return patterns.some((pattern) =>
    pattern.startsWith(classPrefix)
      ? pattern === classPrefix + annotationClass
      : matchGlob(pattern.endsWith('-') ? `${pattern}*` : pattern, key),
  )
}

/** Undefined for what is no annotation of the table. `family` is the family's key for a member of one. */
export function classify(key: string, family: string | undefined): AnnotationClass | undefined {
  return rows.find((row) => row.key === (family ?? key))?.class
}
