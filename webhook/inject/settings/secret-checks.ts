/** What would keep the files of a pod's secrets from being written side by side. */

import type { AnnotationReader } from '../annotations/annotation-reader.ts'
import { annotations } from '../annotations/annotations.ts'
import { contains, relativePath } from '../kinds/path-kinds.ts'
import type { Problem } from '../problem.ts'
import type { SecretFile } from './secret-file.ts'

/** Problem codes: `secret_name`, `destination_conflict`, `directory_conflict`. */
export function checkFiles(
  files: readonly SecretFile[],
  reader: AnnotationReader,
  {
    defaultDirectory,
    tokenFile,
  }: { readonly defaultDirectory: string; readonly tokenFile: string | undefined },
): readonly Problem[] {
  return [
    ...files.flatMap((file) => checkName(file, reader)),
    ...findSharedFiles(files, reader),
    ...findTokenRivals(files, tokenFile, reader),
    ...findNestedDirectories(files, defaultDirectory, reader),
  ]
}

/** Annotation keys are validated only after admission, so a name may be anything here. */
function checkName(
  { name, directory, destination }: SecretFile,
  reader: AnnotationReader,
): readonly Problem[] {
  const path = destination.slice(directory.length + 1)
  if (relativePath.parse(path) === path) return []
  return [
    {
      code: 'secret_name',
      path: reader.spell(annotations.secret.key + name),
      expected: `a name that is ${relativePath.expected}`,
      hint: `or a file name in ${reader.spell(annotations.file.key + name)}`,
    },
  ]
}

function findSharedFiles(
  files: readonly SecretFile[],
  reader: AnnotationReader,
): readonly Problem[] {
  return files.flatMap(({ name, destination }, index) => {
    const rival = files.slice(0, index).find((other) => overlap(other.destination, destination))
    if (rival === undefined) return []
    return [
      {
        code: 'destination_conflict',
        path: reader.spell(annotations.secret.key + name),
        expected: 'a file of its own for each secret',
        hint: `${reader.spell(annotations.secret.key + rival.name)} has it; ${reader.spell(annotations.file.key + name)} chooses another`,
      },
    ]
  })
}

function findTokenRivals(
  files: readonly SecretFile[],
  tokenFile: string | undefined,
  reader: AnnotationReader,
): readonly Problem[] {
  if (tokenFile === undefined) return []
  return files
    .filter(({ destination }) => overlap(destination, tokenFile))
    .map(({ name }) => ({
      code: 'destination_conflict',
      path: reader.spell(annotations.secret.key + name),
      expected: 'a file of its own for each secret',
      hint: `${reader.spell(annotations.token.key)} has it; ${reader.spell(annotations.file.key + name)} chooses another`,
    }))
}

function overlap(one: string, other: string): boolean {
  return contains(one, other) || contains(other, one)
}

function findNestedDirectories(
  files: readonly SecretFile[],
  defaultDirectory: string,
  reader: AnnotationReader,
): readonly Problem[] {
  const directories = [defaultDirectory, ...files.map(({ directory }) => directory)]
  return files
    .filter(({ directory }) =>
      directories.some((other) => other !== directory && overlap(other, directory)),
    )
    .filter(({ directory }) => directory !== defaultDirectory)
    .map(({ name }) => ({
      code: 'directory_conflict',
      path: reader.spell(annotations.secretOwnPath.key + name),
      expected: 'a directory that lies in no other one with secrets, and has none in it',
    }))
}
