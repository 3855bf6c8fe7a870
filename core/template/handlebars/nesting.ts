/** Refuses what the parser would take minutes for: its time grows with the square of the nesting. */
import { HandlebarsError } from './place.ts'

const deepest = 200
/** What opens a block, closes one, or goes on with `else x`, which the parser nests too. */
const turn = /\{\{~?\s*(?:([#^/])|else\s+)(?=[^\s~}])/g
const brackets = new RegExp(`(?:\\([^()]*){${deepest + 1}}`)

/** Counts tags without understanding them; comments and escaped tags count too. Throws `HandlebarsError`. */
export function checkNesting(text: string): void {
  /** Of each open block, how many levels its closing tag ends. */
  const open: number[] = []
  let depth = 0
  for (const { 1: sign = 'else', index } of text.matchAll(turn)) {
    if (sign === '/') {
      depth -= open.pop() ?? 0
      continue
    }
    open.push(sign === 'else' ? (open.pop() ?? 0) + 1 : 1)
    depth++
    if (depth > deepest) throw tooDeep(text, index)
  }
  const deep = brackets.exec(text)
  if (deep !== null) throw tooDeep(text, deep.index)
}

function tooDeep(text: string, index: number): HandlebarsError {
  const before = text.slice(0, index).split('\n')
  const position = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
  return new HandlebarsError(position, `nested deeper than ${deepest}`)
}
