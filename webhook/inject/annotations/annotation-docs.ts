/** The annotation reference as Markdown; docs/annotations.md is this text. */
import { objectName } from '../kinds/name-kinds.ts'
import { agentFile, directory } from '../kinds/path-kinds.ts'
import {
  bool,
  duration,
  nameList,
  quantity,
  userId,
  type ValueKind,
  wholeNumber,
} from '../kinds/value-kinds.ts'
import type { Annotation } from './annotation.ts'
import { introduction } from './annotation-introduction.ts'
import { type AnnotationGroup, annotationGroups } from './annotations.ts'

/** The version that the page does not repeat in every row. */
const firstVersion = '0.1.0'

/** What the page calls the kinds that many annotations share. */
const valueWords: readonly (readonly [string, ValueKind<unknown>])[] = [
  ['boolean', bool],
  ['number', wholeNumber],
  ['duration', duration],
  ['quantity', quantity],
  ['path', agentFile],
  ['directory', directory],
  ['object', objectName],
  ['names', nameList],
  ['user', userId],
]

export const tableHead: readonly string[] = [
  renderRow(['Annotation', 'Value', 'Default', 'Meaning']),
  '|---|---|---|---|',
]

/** Derived from the annotation table; a family is shown with `<name>`. */
export function renderAnnotationDocs(): string {
  const contents = annotationGroups.map(({ title }) => `- [${title}](#${anchor(title)})`)
  const values = valueWords.map(([word, kind]) => renderRow([word, kind.expected]))
  return [
    introduction,
    '## Contents',
    '',
    ...contents,
    '',
    '## Words in the column Value',
    '',
    renderRow(['Word', 'What is expected']),
    '|---|---|',
    ...values,
    '',
    ...annotationGroups.flatMap(renderGroup),
  ].join('\n')
}

function renderGroup({ title, lead, rows }: AnnotationGroup): readonly string[] {
  return [`## ${title}`, '', lead, '', ...tableHead, ...Object.values(rows).map(describeRow), '']
}

/** A row of the table, as Markdown. */
export function describeRow({ form, key, kind, ...row }: Annotation<unknown>): string {
  const mark = row.agents === 'claviger' ? ' ‡' : row.ours === true ? ' †' : ''
  const notes = [
    row.agents === 'stock' ? 'Only a stock agent acts on it.' : '',
    row.since === firstVersion ? '' : `Since ${row.since}.`,
    row.class === 'free' ? '' : `*${row.class}*`,
  ]
  return renderRow([
    `\`${form === 'family' ? `${key}<name>` : key}\`${mark}`,
    describeValue(kind),
    row.default === '' ? '–' : row.default,
    [row.doc, ...notes].filter((part) => part !== '').join(' '),
  ])
}

/** A word of the page, the words of a choice as code, or what is expected. */
function describeValue({ expected }: ValueKind<unknown>): string {
  const word = valueWords.find(([, kind]) => kind.expected === expected)?.[0]
  if (word !== undefined) return word
  if (!expected.startsWith('one of ')) return expected
  return expected.slice('one of '.length).replaceAll('"', '`')
}

/** As GitHub makes it of a heading. */
function anchor(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^a-z -]/g, '')
    .replaceAll(' ', '-')
}

function renderRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}
