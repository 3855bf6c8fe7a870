/** Whether the sidecar may hibernate between two steps. */
import type { AnnotationReader } from '../annotations/annotation-reader.ts'
import { annotations } from '../annotations/annotations.ts'
import type { Reading } from './reading.ts'

/** A warning where a ConfigMap has the agent's configuration (`generated` is false): the annotation says nothing to it. */
export function readHibernation(
  reader: AnnotationReader,
  { generated }: { readonly generated: boolean },
): Reading<boolean> {
  const asked = reader.plain(annotations.hibernate)
  const [row, rival] = [annotations.hibernate, annotations.configMap]
  const warning = `${reader.spell(row.key)} has no effect beside ${reader.spell(rival.key)}; the configuration in the ConfigMap says it with claviger.hibernate`
  return {
    value: asked ?? true,
    problems: [],
    warnings: asked === undefined || generated ? [] : [warning],
  }
}
