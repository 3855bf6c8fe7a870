/** What the files of a pod ask the stores for, as far as annotations tell. */
import {
  findMeantStore,
  parseReference,
  type Reference,
  type ReferenceStores,
} from '../../../core/reference.ts'
import { findPaths } from '../../policy/template-paths.ts'
import type { AnnotationReader } from '../annotations/annotation-reader.ts'
import { annotations } from '../annotations/annotations.ts'
import type { Problem } from '../problem.ts'
import type { SecretFile } from '../settings/secret-file.ts'

export interface UsedReference {
  /** The annotation that holds it. */
  readonly path: string
  readonly reference: Reference
}

export interface StoreUses {
  /** Written out, in the order of the files; those of the pod's own Vault included. */
  readonly references: readonly UsedReference[]
  /** Names that stand, with a colon and behind a quotation mark, in texts that compute references. */
  readonly spelled: ReadonlySet<string>
  /** Whether a template computes references or is not in the annotations. */
  readonly isUnclear: boolean
}

export interface UsesReading {
  readonly uses: StoreUses
  readonly problems: readonly Problem[]
  readonly warnings: readonly string[]
}

/** A quotation mark and what could be the name of a store. */
const anyName = /["'`]([a-z][a-z0-9-]{0,39}):/g

export interface UsesContext {
  readonly stores: ReferenceStores
  /** Whether the pod or its namespace describes any. */
  readonly describesAny: boolean
}

/** Problem code: `reference`. Templates are looked into only where something of the pod has to do with other stores. */
export function readUses(
  files: readonly SecretFile[],
  { stores, describesAny }: UsesContext,
  reader: AnnotationReader,
): UsesReading {
  const looksIntoTemplates = describesAny || files.some((file) => mayName(file, reader))
  const texts = files.map((file) =>
    isGiven(file) && !looksIntoTemplates ? nothing : readFile(file, reader),
  )
  const references: UsedReference[] = []
  const problems: Problem[] = []
  const warnings: string[] = []
  for (const { path, text, isTemplate } of texts.flatMap(({ asked }) => asked)) {
    const parsed = parseReference(text, stores)
    if (parsed.kind === 'ok') references.push({ path, reference: parsed.value })
    else if (!isTemplate) problems.push(...parsed.issues.map((issue) => ({ ...issue, path })))
    warnings.push(...describeUnknown(path, text, stores))
  }
  const uses = {
    references,
    spelled: new Set(
      texts.flatMap(({ spelled }) => spelled).filter((name) => stores.names.has(name)),
    ),
    isUnclear: texts.some(({ isUnclear }) => isUnclear),
  }
  return { uses, problems, warnings: [...new Set(warnings)] }
}

interface Asked {
  readonly path: string
  readonly text: string
  readonly isTemplate: boolean
}

interface FileTexts {
  readonly asked: readonly Asked[]
  readonly spelled: readonly string[]
  readonly isUnclear: boolean
}

const nothing: FileTexts = { asked: [], spelled: [], isUnclear: false }
const unseen: FileTexts = { ...nothing, isUnclear: true }

function isGiven({ template }: SecretFile): boolean {
  return template.kind === 'contents' && template.given
}

/** Whether the file may ask another store than the pod's own Vault, or was meant to. */
function mayName({ name, template }: SecretFile, reader: AnnotationReader): boolean {
  if (template.kind === 'contents' && template.given) return template.text.search(anyName) >= 0
  return /^\s*[a-z][a-z0-9-]*:/.test(reader.member(annotations.secret, name) ?? '')
}

function readFile(file: SecretFile, reader: AnnotationReader): FileTexts {
  const { name, template } = file
  if (template.kind === 'source') return unseen
  if (isGiven(file)) return readTemplate(file, reader)
  const text = reader.member(annotations.secret, name) ?? ''
  const path = reader.spell(annotations.secret.key + name)
  const asked = text.trim() === '' ? [] : [{ path, text, isTemplate: false }]
  return { asked, spelled: [], isUnclear: false }
}

/** Only Go's language is looked into. */
function readTemplate(
  { name, template, engine, delimiters }: SecretFile,
  reader: AnnotationReader,
): FileTexts {
  if (template.kind !== 'contents') return unseen
  const path = reader.spell(annotations.template.key + name)
  const { paths, unclear } =
    engine === 'go' ? findPaths(template.text, delimiters) : { paths: [], unclear: true }
  return {
    asked: paths.map((text) => ({ path, text, isTemplate: true })),
    spelled: unclear ? Array.from(template.text.matchAll(anyName), ([, word = '']) => word) : [],
    isUnclear: unclear,
  }
}

/** What looks like the name of a store is hardly ever the first segment of a path of Vault. */
function describeUnknown(
  path: string,
  text: string,
  { names }: ReferenceStores,
): readonly string[] {
  const [, name = ''] = /^\s*([a-z][a-z0-9-]+):/.exec(text) ?? []
  if (name === '' || names.has(name)) return []
  const meant = findMeantStore(text, names)
  const hint = meant === undefined ? '' : `; did you mean ${meant}:?`
  return [
    `${path} names no store that is known, so the agent takes all of it for a path of Vault${hint}`,
  ]
}
