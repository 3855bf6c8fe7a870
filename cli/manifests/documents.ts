/** A text of manifests, taken apart so that what is not changed can be put together again byte for byte. */
import { editJson } from './edit-json.ts'
import { editYaml } from './edit-yaml.ts'
import { readYaml, type YamlNode } from './yaml.ts'

export interface ManifestDocument {
  /** From 1, of what has content. */
  readonly index: number
  /** The line that begins the document, `---`; empty for a first document without one. */
  readonly marker: string
  readonly body: string
  /** Where `body` begins in the whole text. */
  readonly offset: number
  readonly format: 'yaml' | 'json'
  readonly reading: DocumentReading
}

export type DocumentReading =
  | { readonly kind: 'manifest'; readonly value: unknown; readonly node: YamlNode }
  /** Comments, blank lines, Helm's notes. */
  | { readonly kind: 'other' }
  /** `expected` is a constant: the text may hold secrets. `offset` is one of the whole text. */
  | { readonly kind: 'invalid'; readonly expected: string; readonly offset: number }

/** One or more YAML documents, or one JSON document. What `helm install --dry-run` says around the manifests is kept apart. */
export function splitDocuments(text: string): readonly ManifestDocument[] {
  const { manifests, notes } = cutNotes(text)
  const documents: ManifestDocument[] = []
  let offset = 0
  for (const part of manifests.split(/^(?=---(?:\s|$))/m)) {
    const marker = /^---(?:[ \t\r]*(?:#.*)?(?:\n|$))?/.exec(part)?.[0] ?? ''
    const body = part.slice(marker.length)
    offset += marker.length
    documents.push(readDocument({ index: documents.length + 1, marker, body, offset }))
    offset += body.length
  }
  if (notes !== '') documents.push(keepNotes(notes, { index: documents.length + 1, offset }))
  return documents
}

/** The document with another value, marker included. */
export function formatDocument(
  { marker, body, format }: ManifestDocument,
  before: unknown,
  after: unknown,
): string {
  if (format === 'json') return marker + editJson(body, before, after)
  return (marker === '---' ? '---\n' : marker) + editYaml(body, before, after)
}

/** Helm ends a dry run with the chart's notes, in free text, after the last manifest. */
function cutNotes(text: string): { readonly manifests: string; readonly notes: string } {
  const at = /^NOTES:[ \t]*\r?$/m.exec(text)?.index ?? text.length
  return { manifests: text.slice(0, at), notes: text.slice(at) }
}

function keepNotes(
  body: string,
  place: { readonly index: number; readonly offset: number },
): ManifestDocument {
  return { ...place, marker: '', body, format: 'yaml', reading: { kind: 'other' } }
}

function readDocument(
  part: Pick<ManifestDocument, 'index' | 'marker' | 'body' | 'offset'>,
): ManifestDocument {
  const { body, offset } = part
  const json = parseJson(body)
  const format = json === undefined ? 'yaml' : 'json'
  const reading = readYaml(body)
  if (reading.kind === 'invalid' && json === undefined) {
    return { ...part, format, reading: { ...reading, offset: offset + reading.offset } }
  }
  const node = reading.kind === 'value' ? reading.node : undefined
  if (node === undefined) return { ...part, format, reading: { kind: 'other' } }
  const value = json === undefined && reading.kind === 'value' ? reading.value : json?.value
  return { ...part, format, reading: { kind: 'manifest', value, node } }
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  if (!text.trimStart().startsWith('{')) return undefined
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}
