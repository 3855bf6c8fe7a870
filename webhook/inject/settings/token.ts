/** The ServiceAccount token that the agent logs in with. */
import type { AnnotationReader } from '../annotation-reader.ts'
import { annotations } from '../annotations.ts'
import type { PodView } from '../pod.ts'
import type { Reading } from './reading.ts'

export interface TokenSource {
  readonly volume: string
  /** Of the token within the volume. */
  readonly path: string
  /** Whether injection adds the volume; otherwise it is one of the pod's. */
  readonly added: boolean
}

const own: TokenSource = { volume: 'vault-agent-token', path: 'token', added: true }

/** The agent's own projected token unless the pod names a volume of its own. Issue code: `token_volume`. */
export function readTokenSource(
  reader: AnnotationReader,
  { volumes }: PodView,
): Reading<TokenSource> {
  const name = reader.plain(annotations.tokenVolume) || undefined
  if (name === undefined) return { value: own, issues: [], warnings: [] }
  const path = volumes?.find((volume) => volume.name === name)?.tokenPath
  if (path !== undefined) {
    return { value: { volume: name, path, added: false }, issues: [], warnings: [] }
  }
  const issue = {
    code: 'token_volume',
    path: reader.spell(annotations.tokenVolume.key),
    expected: 'the name of a volume of the pod that projects a ServiceAccount token',
  }
  return { value: own, issues: [issue], warnings: [] }
}
