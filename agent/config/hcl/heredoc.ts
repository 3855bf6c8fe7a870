/** Heredocs of HCL version 1: `<<EOT` and, with the indentation taken off, `<<-EOT`. */
import { HclSyntaxError } from './token.ts'

const opening = /<<(-?)([\p{L}\p{Nd}_]*)(\r?\n)?/uy
const space = '[\\t\\n\\v\\f\\r ]*'

export interface Heredoc {
  readonly text: string
  /** The index after the line of the closing anchor. */
  readonly end: number
}

/** The heredoc that opens at `start`. Throws `HclSyntaxError`. Source: hashicorp/hcl v1, hcl/scanner and hcl/token. */
export function readHeredoc(source: string, start: number): Heredoc {
  opening.lastIndex = start
  const [whole = '', dash, anchor, lineEnd] = opening.exec(source) ?? []
  const first = start + whole.length
  if (!anchor) throw new HclSyntaxError(start, 'a heredoc such as <<EOT')
  if (lineEnd === undefined) throw new HclSyntaxError(first, `a line end after <<${dash}${anchor}`)
  const closing = new RegExp(`^(${space})${anchor}\\r*\\n`, 'u')
  for (let line = first; line < source.length; line = nextLine(source, line)) {
    const found = closing.exec(source.slice(line, nextLine(source, line)))
    if (found === null) continue
    const [ending, indent = ''] = found
    const body = source.slice(first, line)
    const text = dash === '-' ? unindent(body, indent) : body + indent
    return { text, end: line + ending.length }
  }
  throw new HclSyntaxError(source.length, `a line with ${anchor} alone`)
}

function nextLine(source: string, at: number): number {
  const end = source.indexOf('\n', at)
  return end < 0 ? source.length : end + 1
}

/** Takes the closing anchor's indentation off each line; where one has less, all stay as they are. */
function unindent(body: string, indent: string): string {
  const lines = body.split('\n').slice(0, -1)
  if (!lines.every((line) => line.startsWith(indent))) return body
  return lines.map((line) => `${line.slice(indent.length)}\n`).join('')
}
