/** Templates that cannot work, found before any pod starts. */
import { parseTemplate, TemplateError } from '../../../core/template/template.ts'
import type { AnnotationReader } from '../annotation-reader.ts'
import { annotations } from '../annotations.ts'
import type { Problem } from '../problem.ts'
import type { SecretFile, SecretFiles } from '../secrets.ts'

/** Those that the pod's annotations hold and that are in Go's language. Problem code: `template`. */
export function checkTemplates(
  { files }: SecretFiles,
  reader: AnnotationReader,
): readonly Problem[] {
  return files.flatMap((file) => checkTemplate(file, reader))
}

function checkTemplate(
  { name, template, engine, delimiters }: SecretFile,
  reader: AnnotationReader,
): readonly Problem[] {
  if (template.kind !== 'contents' || !template.given || engine !== 'go') return []
  try {
    parseTemplate({
      name,
      text: Buffer.from(template.text).toString('latin1'),
      leftDelimiter: delimiters.left,
      rightDelimiter: delimiters.right,
    })
    return []
  } catch (thrown) {
    if (!(thrown instanceof TemplateError)) throw thrown
    const path = reader.spell(annotations.template.key + name)
    const { line, column = 1 } = thrown
    const hint = `line ${line}, column ${column}: ${describe(thrown)}`
    const expected = 'a template that parses'
    return [{ code: 'template', path, expected, hint, at: { line, column } }]
  }
}

/** Go quotes the template in its messages, and a template may hold a secret. */
function describe({ message, function: name }: TemplateError): string {
  if (name !== undefined) return `there is no function ${name}`
  return message
    .replace(/^template: .*?:\d+: /, '')
    .replace(/"(?:[^"\\]|\\.)*"?|`[^`]*`?|'[^']*'?|<[^>]*>/g, '…')
}
