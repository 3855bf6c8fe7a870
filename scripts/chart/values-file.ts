/** The chart's values.yaml as a tree: defaults, and what the comments above them say. */
import { load } from 'js-yaml'

export interface Value {
  readonly path: readonly string[]
  readonly default: unknown
  /** The comment above it, in one line. */
  readonly description: string
  /** What `@type` names. */
  readonly type: string | undefined
  /** None for what is a value as a whole. */
  readonly members: readonly Value[]
}

interface Comment {
  readonly description: string
  readonly type: string | undefined
}

/** Throws on a line of another form than `key: value` with two spaces a level, which is all that the file needs. */
export function readValuesFile(text: string): readonly Value[] {
  return buildValues(load(text), [], readComments(text))
}

function buildValues(
  tree: unknown,
  above: readonly string[],
  comments: ReadonlyMap<string, Comment>,
): readonly Value[] {
  return Object.entries(Object(tree)).map(([key, value]) => {
    const path = [...above, key]
    const comment = comments.get(path.join('.')) ?? { description: '', type: undefined }
    const isSection = comment.type === undefined && isFilled(value)
    const members = isSection ? buildValues(value, path, comments) : []
    return { path, default: value, ...comment, members }
  })
}

/** Path → comment. */
function readComments(text: string): ReadonlyMap<string, Comment> {
  const comments = new Map<string, Comment>()
  const path: string[] = []
  let lines: string[] = []
  for (const line of text.split('\n')) {
    const comment = /^ *# ?(.*)$/.exec(line)
    const key = /^((?: {2})*)([a-zA-Z]\w*):/.exec(line)
    if (comment !== null) lines.push(comment[1] ?? '')
    else if (key !== null) {
      path.splice((key[1] ?? '').length / 2)
      path.push(key[2] ?? '')
      comments.set(path.join('.'), readComment(lines))
      lines = []
    } else if (line.trim() === '') lines = []
    else if (!/^ +[-\w]/.test(line)) throw new SyntaxError(`values.yaml: ${line}`)
  }
  return comments
}

function readComment(lines: readonly string[]): Comment {
  const types = lines.flatMap((line) => /^@type (\w+)$/.exec(line)?.[1] ?? [])
  const description = lines.filter((line) => !line.startsWith('@type ')).join(' ')
  return { description, type: types[0] }
}

function isFilled(value: unknown): boolean {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isMap && Object.keys(value).length > 0
}
