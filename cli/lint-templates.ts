/** Parses the inline templates of a pod, as the agent will. */
import { toByteString } from '../core/template/byte-string.ts'
import { parseTemplate, TemplateError } from '../core/template/template.ts'
import { createAnnotationReader } from '../webhook/inject/annotation-reader.ts'
import { annotations } from '../webhook/inject/annotations.ts'

export interface TemplateProblem {
  /** The annotation that holds the template. */
  readonly path: string
  /** From 1, within the template; the column in bytes, 1 where it is unknown. */
  readonly line: number
  readonly column: number
  /** Why, without a word of the template but the name of an unknown function. */
  readonly reason: string
}

/** `all` are the pod's annotations. The first problem of each template. */
export function lintTemplates(all: ReadonlyMap<string, string>): readonly TemplateProblem[] {
  const reader = createAnnotationReader(all)
  const left = reader.family(annotations.leftDelimiter)
  const right = reader.family(annotations.rightDelimiter)
  return [...reader.family(annotations.template)].flatMap(([name, text]) => {
    const path = reader.spell(annotations.template.key + name)
    const delimiters = { left: left.get(name) ?? '', right: right.get(name) ?? '' }
    const error = findParseError(text, delimiters)
    if (error === undefined) return []
    const { line, column = 1 } = error
    return [{ path, line, column, reason: describe(error) }]
  })
}

function findParseError(
  text: string,
  { left, right }: { readonly left: string; readonly right: string },
): TemplateError | undefined {
  try {
    const delimiters = { leftDelimiter: left, rightDelimiter: right }
    parseTemplate({ name: '', text: toByteString(text), ...delimiters })
    return undefined
  } catch (thrown) {
    if (thrown instanceof TemplateError) return thrown
    throw thrown
  }
}

/** Go quotes the template in its messages, and a template may hold a secret. */
function describe({ message, function: name }: TemplateError): string {
  if (name !== undefined) return `there is no function ${name}`
  return message
    .replace(/^template: :\d+: /, '')
    .replace(/"(?:[^"\\]|\\.)*"?|`[^`]*`?|'[^']*'?|<[^>]*>/g, '…')
}
