/** The per-secret annotations: which files a pod asks for. */
import type { Issue } from '../../core/issue.ts'
import type { AnnotationReader } from './annotation-reader.ts'
import { annotations } from './annotations.ts'
import { contains, relativePath } from './value-kinds.ts'

export interface SecretFile {
  /** The directory that is mounted. */
  readonly directory: string
  /** The file, as an absolute path below the directory. */
  readonly destination: string
  /** The template. */
  readonly contents: string
  /** Octal. */
  readonly perms?: string
}

export interface SecretFiles {
  /** In the order of their names. */
  readonly files: readonly SecretFile[]
  /** What is mounted: the default directory first, each once. */
  readonly directories: readonly string[]
  readonly issues: readonly Issue[]
  readonly warnings: readonly string[]
}

/**
 * A secret is declared by a path, a template, or both; a blank declaration declares nothing, as in vault-k8s.
 * Issue codes: `secret_name`, `destination_conflict`, `directory_conflict`.
 */
export function readSecretFiles(reader: AnnotationReader, defaultDirectory: string): SecretFiles {
  const paths = reader.family(annotations.secret)
  const templates = reader.family(annotations.template)
  const fileNames = reader.family(annotations.file)
  const perms = reader.family(annotations.perms)
  const ownDirectories = reader.family(annotations.secretOwnPath)

  const declared = [...new Set([...paths.keys(), ...templates.keys()])]
    .filter((name) => !isBlank(paths.get(name)) || !isBlank(templates.get(name)))
    .sort()
  const files = declared.map((name): SecretFile => {
    const directory = ownDirectories.get(name) ?? defaultDirectory
    const template = templates.get(name) ?? ''
    const mode = perms.get(name)
    return {
      directory,
      destination: `${directory}/${fileNames.get(name) ?? name.toLowerCase()}`,
      contents: template === '' ? renderDefaultTemplate(paths.get(name) ?? '') : template,
      ...(mode === undefined ? {} : { perms: mode }),
    }
  })
  const directories = [...new Set([defaultDirectory, ...files.map(({ directory }) => directory)])]
  const issues = [
    ...declared.flatMap((name) => (fileNames.has(name) ? [] : checkName(name, reader))),
    ...findSharedFiles(files, reader),
    ...findNestedDirectories(directories, reader),
  ]
  const warnings = [
    ...describeUndeclared(annotations.file.key, fileNames, { declared, reader }),
    ...describeUndeclared(annotations.perms.key, perms, { declared, reader }),
    ...describeUndeclared(annotations.secretOwnPath.key, ownDirectories, { declared, reader }),
  ]
  return { files, directories, issues, warnings }
}

function isBlank(text: string | undefined): boolean {
  return text === undefined || text.trim() === ''
}

/** Source: vault-k8s, the default template "map"; the path becomes a quoted Go string. */
function renderDefaultTemplate(path: string): string {
  const body = '{{ range $k, $v := .Data }}{{ $k }}: {{ $v }}\n{{ end }}'
  return `{{ with secret ${JSON.stringify(path)} }}${body}{{ end }}`
}

/** Annotation keys are validated only after admission, so a name may be anything here. */
function checkName(name: string, reader: AnnotationReader): readonly Issue[] {
  if (relativePath.parse(name) === name) return []
  return [
    {
      code: 'secret_name',
      path: reader.spell(annotations.secret.key + name),
      expected: `a name that is ${relativePath.expected}`,
      hint: `or a file name in ${reader.spell(annotations.file.key + name)}`,
    },
  ]
}

function findSharedFiles(files: readonly SecretFile[], reader: AnnotationReader): readonly Issue[] {
  const taken = new Set<string>()
  const issues: Issue[] = []
  for (const { destination } of files) {
    if ([...taken].some((other) => contains(other, destination) || contains(destination, other))) {
      issues.push({
        code: 'destination_conflict',
        path: `${reader.spell(annotations.secret.key)}<name>`,
        expected: 'a file of its own for each secret',
        hint: `two secrets need ${destination}; set ${reader.spell(annotations.file.key)}<name>`,
      })
    }
    taken.add(destination)
  }
  return issues
}

function findNestedDirectories(
  directories: readonly string[],
  reader: AnnotationReader,
): readonly Issue[] {
  return directories.flatMap((inner) =>
    directories
      .filter((outer) => outer !== inner && contains(outer, inner))
      .map((outer) => ({
        code: 'directory_conflict',
        path: `${reader.spell(annotations.secretOwnPath.key)}<name>`,
        expected: 'directories that do not lie in one another',
        hint: `${inner} lies in ${outer}`,
      })),
  )
}

function describeUndeclared(
  family: string,
  values: ReadonlyMap<string, unknown>,
  { declared, reader }: { readonly declared: readonly string[]; readonly reader: AnnotationReader },
): readonly string[] {
  return [...values.keys()]
    .filter((name) => !declared.includes(name))
    .map((name) => {
      const needed = reader.spell(annotations.secret.key + name)
      return `${reader.spell(family + name)} has no effect without ${needed}`
    })
}
