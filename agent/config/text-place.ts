/** Where in a text something is. */

export interface TextPlace {
  /** From 1. */
  readonly line: number
  /** From 1, in bytes. */
  readonly column: number
  /** `file:line:column`. */
  readonly path: string
}

/** The place of the UTF-16 unit `offset` in `text`, which messages call `file`. */
export function placeIssue(text: string, offset: number, file: string): TextPlace {
  const before = text.slice(0, offset)
  const lineStart = before.lastIndexOf('\n') + 1
  const line = before.split('\n').length
  const column = Buffer.byteLength(before.slice(lineStart)) + 1
  return { line, column, path: `${file}:${line}:${column}` }
}
