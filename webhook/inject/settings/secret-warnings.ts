/** What of a pod's secrets has no effect. */
import type { AnnotationFamily } from '../annotations/annotation.ts'
import type { AnnotationReader } from '../annotations/annotation-reader.ts'
import { annotations } from '../annotations/annotations.ts'
import type { SecretFile } from './secret-file.ts'

/** What belongs to a secret that something else declares. */
const dependent = [
  annotations.file,
  annotations.perms,
  annotations.command,
  annotations.secretOwnPath,
  annotations.secretContainers,
  annotations.leftDelimiter,
  annotations.rightDelimiter,
  annotations.errorOnMissingKey,
  annotations.preserveOwnCase,
  annotations.format,
  annotations.ownEngine,
  annotations.optional,
  annotations.maxStale,
  annotations.signal,
] as const satisfies readonly AnnotationFamily<unknown>[]

/** For the author of the pod. */
export function describeFiles(
  files: readonly SecretFile[],
  tokenFile: string | undefined,
  reader: AnnotationReader,
): readonly string[] {
  return [
    ...describeUndeclared(files, reader),
    ...describeHiddenTemplates(files, reader),
    ...describeNoFiles(files, tokenFile, reader),
    ...describeIdleAction(files, reader),
    ...describeIdleSignals(files, reader),
  ]
}

function describeUndeclared(
  files: readonly SecretFile[],
  reader: AnnotationReader,
): readonly string[] {
  const declared = new Set(files.map(({ name }) => name))
  return dependent.flatMap((row) =>
    reader
      .names(row)
      .filter((name) => !declared.has(name))
      .map((name) => {
        const needed = reader.spell(annotations.secret.key + name)
        return `${reader.spell(row.key + name)} has no effect without ${needed}`
      }),
  )
}

function describeHiddenTemplates(
  files: readonly SecretFile[],
  reader: AnnotationReader,
): readonly string[] {
  return files.flatMap(({ name, template }) => {
    const hidden = { key: annotations.templateFile.key + name }
    if (!reader.has(hidden) || template.kind !== 'contents' || !template.given) return []
    const inline = reader.spell(annotations.template.key + name)
    return [`${reader.spell(hidden.key)} has no effect beside ${inline}`]
  })
}

function describeNoFiles(
  files: readonly SecretFile[],
  tokenFile: string | undefined,
  reader: AnnotationReader,
): readonly string[] {
  if (files.length > 0 || tokenFile !== undefined) return []
  return [`no secret is declared; ${reader.spell(annotations.secret.key)}<name> declares one`]
}

function describeIdleAction(
  files: readonly SecretFile[],
  reader: AnnotationReader,
): readonly string[] {
  const row = annotations.maxStaleAction
  const isIdle = files.every(({ staleness }) => staleness === undefined)
  if (!isIdle || !reader.has(row) || reader.isIgnored(row)) return []
  return [
    `${reader.spell(row.key)} has no effect without ${reader.spell(annotations.maxStale.key)}<name>`,
  ]
}

function describeIdleSignals(
  files: readonly SecretFile[],
  reader: AnnotationReader,
): readonly string[] {
  return files.flatMap(({ name, command, signalled }) => {
    if (command === undefined || signalled === undefined) return []
    const key = reader.spell(annotations.signal.key)
    return [`${key}${name} has no effect beside ${reader.spell(annotations.command.key)}${name}`]
  })
}
