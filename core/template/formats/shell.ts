/** Values for POSIX shells: a text that is sourced can set variables and nothing else. */
import { FunctionError } from '../functions/function.ts'
import { quote } from '../quote.ts'
import type { Value } from '../values.ts'
import { environmentName, environmentNames } from './environment-name.ts'
import { membersOf } from './members.ts'
import { scalarText } from './scalar-text.ts'

/**
 * In single quotes, where nothing is special but the quote itself; source: POSIX, Shell Command Language, 2.2.2. Throws
 * `FunctionError` for a NUL byte, which no variable can hold.
 */
export function shellQuote(text: string): string {
  if (text.includes('\0')) {
    throw new FunctionError('a NUL byte, which no shell variable can hold; use format json or raw')
  }
  return `'${text.replaceAll("'", "'\\''")}'`
}

/** `NAME='value'` */
export function envLine(key: string, value: Value): string {
  return assign(environmentName(key), key, value)
}

/** `export NAME='value'` */
export function exportLine(key: string, value: Value): string {
  return `export ${envLine(key, value)}`
}

/** One exported variable a line, by name; a value with line breaks takes several. */
export function renderEnv(data: Value): string {
  const values = new Map(membersOf(data).map(({ key, value }) => [key, value]))
  const lines = Array.from(
    environmentNames([...values.keys()]),
    ([name, key]) => `export ${assign(name, key, values.get(key))}\n`,
  )
  return lines.join('')
}

function assign(name: string, key: string, value: Value): string {
  const text = scalarText(value)
  // An interactive shell expands ENV, commands included; source: POSIX, sh, ENVIRONMENT VARIABLES.
  if (name === 'ENV' && /[$`]/.test(text)) {
    throw new FunctionError(
      `the value of ${quote(key)}: shells expand ENV, so no $ and no backquote`,
    )
  }
  try {
    return `${name}=${shellQuote(text)}`
  } catch (thrown) {
    if (!(thrown instanceof FunctionError)) throw thrown
    throw new FunctionError(`the value of ${quote(key)}: `, ...thrown.parts)
  }
}
