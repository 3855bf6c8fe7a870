/** Templates that cannot work, found before any pod starts. */
import { policyPresets } from '../../../core/template/policy.ts'
import { lintTemplate } from '../../../core/template/template.ts'
import type { AnnotationReader } from '../annotations/annotation-reader.ts'
import { annotations } from '../annotations/annotations.ts'
import type { Problem } from '../problem.ts'
import type { InjectionSettings } from './settings.ts'

/**
 * Those that the pod's annotations hold and that are in Go's language: what does not parse, and functions that the agent would
 * refuse. A stock agent knows better what it can do, so its templates earn warnings. Problem code: `template`.
 */
export function checkTemplates(
  settings: Pick<InjectionSettings, 'files' | 'agent' | 'templatePolicy'>,
  reader: AnnotationReader,
): { readonly problems: readonly Problem[]; readonly warnings: readonly Problem[] } {
  const isOwn = settings.agent.flavour === 'claviger'
  const policy = policyPresets.get(isOwn ? settings.templatePolicy : 'stock')
  const problems = settings.files.flatMap(({ name, template, engine, delimiters }) => {
    if (template.kind !== 'contents' || !template.given || engine !== 'go') return []
    const path = reader.spell(annotations.template.key + name)
    return lintTemplate({
      name,
      text: Buffer.from(template.text).toString('latin1'),
      leftDelimiter: delimiters.left,
      rightDelimiter: delimiters.right,
      ...(policy === undefined ? {} : { policy }),
    }).map(({ line, column, message }) => ({
      code: 'template',
      path,
      expected: 'a template that parses and calls only what the agent allows',
      hint: `line ${line}, column ${column}: ${message}`,
      at: { line, column },
    }))
  })
  return isOwn ? { problems, warnings: [] } : { problems: [], warnings: problems }
}
