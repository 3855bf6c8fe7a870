/** The memory volumes that hold the files. */
import type { AnnotationReader } from '../annotations/annotation-reader.ts'
import { annotations } from '../annotations/annotations.ts'
import type { Problem } from '../problem.ts'

export interface SecretVolume {
  readonly name: string
  /** Where it is mounted. */
  readonly directory: string
  /** The containers that mount it; undefined for those of `agent-inject-containers`. */
  readonly containers: readonly string[] | undefined
}

interface Content {
  readonly name: string
  readonly directory: string
  readonly containers: readonly string[] | undefined
}

/**
 * One volume a directory, the default one first and always there. Two secrets that share a directory share who sees it: problem
 * code `directory_conflict`. Source: vault-k8s, the names of these volumes.
 */
export function sortVolumes(
  contents: readonly Content[],
  defaultDirectory: string,
  reader: AnnotationReader,
): { readonly volumes: readonly SecretVolume[]; readonly problems: readonly Problem[] } {
  const problems: Problem[] = []
  const owners = new Map<string, Content>([
    [defaultDirectory, { name: '', directory: defaultDirectory, containers: undefined }],
  ])
  for (const content of contents) {
    const owner = owners.get(content.directory)
    if (owner === undefined) owners.set(content.directory, content)
    else if (!seenByTheSame(owner, content)) {
      problems.push({
        code: 'directory_conflict',
        path: reader.spell(annotations.secretContainers.key + content.name),
        expected: `the same containers for all secrets in ${content.directory}`,
        hint: `or a directory of its own in ${reader.spell(annotations.secretOwnPath.key + content.name)}`,
      })
    }
  }
  const volumes = [...owners.values()].map(({ directory, containers }, index) => ({
    name: index === 0 ? 'vault-secrets' : `vault-secrets-custom-${index - 1}`,
    directory,
    containers,
  }))
  return { volumes, problems }
}

function seenByTheSame(one: Content, other: Content): boolean {
  const spell = ({ containers }: Content) => JSON.stringify(containers?.toSorted())
  return spell(one) === spell(other)
}
