/** The per-secret annotations: which files a pod asks for. */
import type { Issue } from '../../core/issue.ts'
import type { AnnotationReader } from './annotation-reader.ts'
import { annotations } from './annotations.ts'
import { contains, relativePath } from './value-kinds.ts'

export interface SecretFile {
  /** As the annotations spell it. */
  readonly name: string
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
      name,
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
    ...findNestedDirectories(files, defaultDirectory, reader),
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

function overlap(one: string, other: string): boolean {
  return contains(one, other) || contains(other, one)
}

function findNestedDirectories(
  files: readonly SecretFile[],
  defaultDirectory: string,
  reader: AnnotationReader,
): readonly Issue[] {
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
