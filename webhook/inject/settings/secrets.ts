/** The per-secret annotations: which files a pod asks for. */
import { posix } from 'node:path'
import { parseReference, type ReferenceStores } from '../../../core/reference.ts'
import type { AnnotationReader } from '../annotations/annotation-reader.ts'
import { annotations } from '../annotations/annotations.ts'
import type { Profile } from '../profiles.ts'
import {
  type DefaultTemplate,
  type Delimiters,
  renderDefaultTemplate,
  renderStockTemplate,
} from './default-template.ts'
import type { Reading } from './reading.ts'
import { checkFiles } from './secret-checks.ts'
import type { SecretFile, TemplateSource } from './secret-file.ts'
import { type SecretVolume, sortVolumes } from './secret-volumes.ts'
import { describeFiles } from './secret-warnings.ts'

export interface SecretFiles {
  /** In the order of their names. */
  readonly files: readonly SecretFile[]
  /** The default one first. */
  readonly volumes: readonly SecretVolume[]
  /** The file that gets the agent's token. */
  readonly tokenFile: string | undefined
  /** Whether all files of a directory change at the same moment. */
  readonly atomicSecrets: boolean
}

export interface SecretContext {
  readonly profile: Profile
  /** What references are read by; undefined where there are only paths of Vault. */
  readonly references: ReferenceStores | undefined
}

/**
 * A secret is declared by a path, a template or a template file; a blank declaration declares nothing, as in vault-k8s.
 * Problem codes: `secret_name`, `destination_conflict`, `directory_conflict`, `annotation_conflict`, `annotation_missing`.
 */
export function readSecretFiles(
  reader: AnnotationReader,
  { profile, references }: SecretContext,
): Reading<SecretFiles> {
  const defaultDirectory = reader.plain(annotations.secretVolumePath) ?? profile.secretsPath
  const readFile = createFileReader(reader, defaultDirectory, { profile, references })
  const files = listDeclared(reader).map(readFile)
  const { volumes, problems } = sortVolumes(files, defaultDirectory, reader)
  const injectsToken = reader.plain(annotations.token) ?? false
  const tokenFile = injectsToken ? posix.join(defaultDirectory, 'token') : undefined
  return {
    value: {
      files,
      volumes,
      tokenFile,
      atomicSecrets: reader.plain(annotations.atomicSecrets) ?? false,
    },
    problems: [
      ...problems,
      ...checkFiles(files, reader, { defaultDirectory, tokenFile }),
      ...files.flatMap((file) => checkFormat(file, reader)),
    ],
    warnings: describeFiles(files, tokenFile, reader),
  }
}

function listDeclared(reader: AnnotationReader): readonly string[] {
  const declaring = [annotations.secret, annotations.template, annotations.templateFile]
  const names = declaring.flatMap((row) =>
    [...reader.family(row)].flatMap(([name, value]) => (value.trim() === '' ? [] : [name])),
  )
  return [...new Set(names)].sort()
}

function createFileReader(
  reader: AnnotationReader,
  defaultDirectory: string,
  context: SecretContext,
): (name: string) => SecretFile {
  const preserveCase = reader.plain(annotations.preserveCase) ?? false
  const fallback = reader.plain(annotations.defaultTemplate) ?? 'map'
  const engine = reader.plain(annotations.engine) ?? 'go'
  const action = reader.plain(annotations.maxStaleAction) ?? 'keep'
  return (name) => {
    const max = reader.member(annotations.maxStale, name) || undefined
    const containers = reader.member(annotations.secretContainers, name)
    const keepsCase = reader.member(annotations.preserveOwnCase, name) ?? preserveCase
    const ownName = keepsCase ? name : name.toLowerCase()
    const directory =
      reader.member(annotations.secretOwnPath, name) ??
      (containers === undefined ? defaultDirectory : `${defaultDirectory}-${ownName}`)
    const delimiters = {
      left: reader.member(annotations.leftDelimiter, name) || '{{',
      right: reader.member(annotations.rightDelimiter, name) || '}}',
    }
    return {
      name,
      directory,
      containers,
      destination: locate(directory, ownName, reader.member(annotations.file, name)),
      template: chooseTemplate(reader, name, { ...context, fallback, delimiters }),
      engine: reader.member(annotations.ownEngine, name) ?? engine,
      delimiters,
      errorOnMissingKey: reader.member(annotations.errorOnMissingKey, name) ?? false,
      optional: reader.member(annotations.optional, name) ?? false,
      staleness: max === undefined ? undefined : { max, action },
      perms: reader.member(annotations.perms, name) || undefined,
      command: reader.member(annotations.command, name) || undefined,
      signalled: reader.member(annotations.signal, name) || undefined,
    }
  }
}

/** Source: vault-k8s: a name is appended as it is, a file name joined and cleaned. */
function locate(directory: string, name: string, file: string | undefined): string {
  if (file === undefined || file === '') return `${directory}/${name}`
  return posix.join(directory, file).replace(/(.)\/$/, '$1')
}

interface TemplateDefaults extends SecretContext {
  readonly fallback: DefaultTemplate
  readonly delimiters: Delimiters
}

/**
 * An inline template beats a file, which beats a format, which beats the default template. What a reference to another store or to one
 * key names becomes the file as it is.
 */
function chooseTemplate(
  reader: AnnotationReader,
  name: string,
  { profile, references, fallback, delimiters }: TemplateDefaults,
): TemplateSource {
  const text = reader.member(annotations.template, name) ?? ''
  if (text !== '') return { kind: 'contents', text, given: true }
  const source = reader.member(annotations.templateFile, name) ?? ''
  if (source !== '') return { kind: 'source', path: source }
  const path = reader.member(annotations.secret, name) ?? ''
  const format = reader.member(annotations.format, name)
  if (format !== undefined) return { kind: 'format', format, path }
  if (isPrecise(path, references)) return { kind: 'format', format: 'raw', path }
  const rendered = profile.lenient
    ? renderStockTemplate(fallback, path)
    : renderDefaultTemplate(fallback, path, delimiters)
  return { kind: 'contents', text: rendered, given: false }
}

function isPrecise(path: string, references: ReferenceStores | undefined): boolean {
  if (references === undefined) return false
  const parsed = parseReference(path, references)
  if (parsed.kind === 'issues') return false
  return parsed.value.store !== undefined || parsed.value.property !== undefined
}

/** A format needs a path and nothing beside it. */
function checkFormat({ name, template }: SecretFile, reader: AnnotationReader) {
  const row = { key: annotations.format.key + name }
  if (!reader.has(row) || reader.isIgnored(annotations.format)) return []
  if (template.kind === 'format') {
    if (template.path.trim() !== '') return []
    const path = reader.spell(annotations.secret.key + name)
    const hint = `${reader.spell(row.key)} needs it`
    return [{ code: 'annotation_missing', path, expected: 'the path of the secret', hint }]
  }
  const rival = template.kind === 'source' ? annotations.templateFile : annotations.template
  const expected = `no format beside ${reader.spell(rival.key + name)}`
  return [{ code: 'annotation_conflict', path: reader.spell(row.key), expected }]
}
