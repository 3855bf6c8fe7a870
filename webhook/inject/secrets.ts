/** The per-secret annotations: which files a pod asks for. */
import type { AnnotationFamily } from './annotation.ts'
import type { AnnotationReader } from './annotation-reader.ts'
import { annotations } from './annotations.ts'
import { type Delimiters, renderDefaultTemplate } from './default-template.ts'
import { checkFiles } from './secret-checks.ts'
import type { Reading } from './settings/reading.ts'

export interface SecretFile {
  /** As the annotations spell it. */
  readonly name: string
  /** The directory that is mounted. */
  readonly directory: string
  /** The file, as an absolute path below the directory. */
  readonly destination: string
  readonly template: TemplateSource
  readonly delimiters: Delimiters
  readonly errorOnMissingKey: boolean
  /** Octal; the agent's default when absent. */
  readonly perms: string | undefined
}

/** The text of a template, or the file in the agent's containers that holds it. */
export type TemplateSource =
  | { readonly kind: 'contents'; readonly text: string }
  | { readonly kind: 'source'; readonly path: string }

export interface SecretFiles {
  /** In the order of their names. */
  readonly files: readonly SecretFile[]
  /** What is mounted: the default directory first, each once. */
  readonly directories: readonly string[]
  /** The file that gets the agent's token. */
  readonly tokenFile: string | undefined
}

/** By name: what declares a secret, each of them optional. */
interface Declarations {
  readonly paths: ReadonlyMap<string, string>
  readonly inline: ReadonlyMap<string, string>
  readonly sources: ReadonlyMap<string, string>
}

/** What belongs to a secret that something else declares. */
const dependent = [
  annotations.file,
  annotations.perms,
  annotations.secretOwnPath,
  annotations.leftDelimiter,
  annotations.rightDelimiter,
  annotations.errorOnMissingKey,
  annotations.preserveOwnCase,
] as const satisfies readonly AnnotationFamily<unknown>[]

/**
 * A secret is declared by a path, a template or a template file; a blank declaration declares nothing, as in vault-k8s.
 * Issue codes: `secret_name`, `destination_conflict`, `directory_conflict`.
 */
export function readSecretFiles(
  reader: AnnotationReader,
  defaultDirectory: string,
): Reading<SecretFiles> {
  const declarations = {
    paths: reader.family(annotations.secret),
    inline: reader.family(annotations.template),
    sources: reader.family(annotations.templateFile),
  }
  const readFile = createFileReader(reader, defaultDirectory, declarations)
  const declared = Object.values(declarations).flatMap((values) =>
    [...values].flatMap(([name, value]) => (value.trim() === '' ? [] : [name])),
  )
  const files = [...new Set(declared)].sort().map(readFile)
  const directories = [...new Set([defaultDirectory, ...files.map(({ directory }) => directory)])]
  const injectsToken = reader.plain(annotations.token) ?? false
  const tokenFile = injectsToken ? `${defaultDirectory}/token` : undefined
  return {
    value: { files, directories, tokenFile },
    issues: checkFiles(files, reader, { defaultDirectory, tokenFile }),
    warnings: [
      ...describeUndeclared(files, reader),
      ...describeHiddenTemplates(files, declarations, reader),
      ...describeNoFiles(files, tokenFile, reader),
    ],
  }
}

function createFileReader(
  reader: AnnotationReader,
  defaultDirectory: string,
  declarations: Declarations,
): (name: string) => SecretFile {
  const fileNames = reader.family(annotations.file)
  const perms = reader.family(annotations.perms)
  const ownDirectories = reader.family(annotations.secretOwnPath)
  const left = reader.family(annotations.leftDelimiter)
  const right = reader.family(annotations.rightDelimiter)
  const errorOnMissingKey = reader.family(annotations.errorOnMissingKey)
  const preserveCase = reader.plain(annotations.preserveCase) ?? false
  const preserveOwnCase = reader.family(annotations.preserveOwnCase)
  const fallback = reader.plain(annotations.defaultTemplate) ?? 'map'
  return (name) => {
    const directory = ownDirectories.get(name) ?? defaultDirectory
    const delimiters = { left: left.get(name) || '{{', right: right.get(name) || '}}' }
    const keepsCase = preserveOwnCase.get(name) ?? preserveCase
    const fileName = fileNames.get(name) || (keepsCase ? name : name.toLowerCase())
    return {
      name,
      directory,
      destination: `${directory}/${fileName}`,
      template: chooseTemplate(name, declarations, (path) =>
        renderDefaultTemplate(fallback, path, delimiters),
      ),
      delimiters,
      errorOnMissingKey: errorOnMissingKey.get(name) ?? false,
      perms: perms.get(name) || undefined,
    }
  }
}

/** An inline template beats a file, which beats the default template. */
function chooseTemplate(
  name: string,
  { paths, inline, sources }: Declarations,
  renderDefault: (path: string) => string,
): TemplateSource {
  const text = inline.get(name) ?? ''
  const path = sources.get(name) ?? ''
  if (text === '' && path !== '') return { kind: 'source', path }
  return { kind: 'contents', text: text || renderDefault(paths.get(name) ?? '') }
}

function describeUndeclared(
  files: readonly SecretFile[],
  reader: AnnotationReader,
): readonly string[] {
  const declared = new Set(files.map(({ name }) => name))
  return dependent.flatMap(({ key }) =>
    reader
      .names(key)
      .filter((name) => !declared.has(name))
      .map((name) => {
        const needed = reader.spell(annotations.secret.key + name)
        return `${reader.spell(key + name)} has no effect without ${needed}`
      }),
  )
}

function describeHiddenTemplates(
  files: readonly SecretFile[],
  { sources }: Declarations,
  reader: AnnotationReader,
): readonly string[] {
  return files
    .filter(({ name, template }) => sources.get(name) && template.kind === 'contents')
    .map(({ name }) => {
      const inline = reader.spell(annotations.template.key + name)
      return `${reader.spell(annotations.templateFile.key + name)} has no effect beside ${inline}`
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
