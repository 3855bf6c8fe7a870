/** Finds annotations by what somebody remembers of them. */
import { countEdits } from '../../core/nearest.ts'
import { findEntry, type ReferenceEntry, reference, stem, stripPrefix } from './reference.ts'

export type SearchResult =
  /** The query is the key of one annotation. */
  | { readonly kind: 'entry'; readonly entry: ReferenceEntry }
  /** Best first; everything for an empty query, nothing when nothing is near. */
  | { readonly kind: 'list'; readonly entries: readonly ReferenceEntry[] }

/** Every word must be found, in the key or in what is said of it; misspelt words count less. */
export function searchAnnotations(query: string): SearchResult {
  const text = stripPrefix(query.trim()).toLowerCase()
  if (text === '') return { kind: 'list', entries: reference }
  const entry = findEntry(text)
  if (entry !== undefined) return { kind: 'entry', entry }
  const words = text.split(/\s+/)
  const ranked = reference
    .map((candidate) => ({ candidate, rank: rankEntry(candidate, words) }))
    .filter(({ rank }) => rank < nowhere)
    .toSorted((left, right) => left.rank - right.rank)
  return { kind: 'list', entries: ranked.map(({ candidate }) => candidate) }
}

const nowhere = 100

/** The sum over the words; the lower the better. */
function rankEntry(entry: ReferenceEntry, words: readonly string[]): number {
  const ranks = words.map((word) => rankWord(entry, word))
  return ranks.includes(nowhere) ? nowhere : ranks.reduce((sum, rank) => sum + rank, 0)
}

function rankWord(entry: ReferenceEntry, word: string): number {
  const key = stem(entry)
  const parts = key.split('-')
  if (key.startsWith(word)) return 0
  if (parts.includes(word)) return 1
  if (key.includes(word)) return 2
  const said = `${entry.doc} ${entry.value} ${entry.default}`.toLowerCase()
  if (said.split(/[^a-z0-9]+/).some((start) => start.startsWith(word))) return 3
  if (said.includes(word)) return 4
  // A letter in four may be wrong: of a whole key, or of one of its parts.
  const bound = Math.floor(word.length / 4) + 1
  const near = Math.min(...[key, ...parts].map((part) => countEdits(word, part, bound)))
  return near < bound ? 5 + near : nowhere
}
