/** `.env` files as Node.js and dotenv read them; without backquotes godotenv, python-dotenv and docker compose too. */
import { FunctionError } from '../functions/function.ts'
import { quote } from '../quote.ts'
import type { Value } from '../values.ts'
import { environmentNames } from './environment-name.ts'
import { membersOf } from './members.ts'
import { scalarText } from './scalar-text.ts'

/** `NAME='value'` lines by name. Throws `FunctionError` for a value that no way of quoting carries through the readers. */
export function renderDotenv(data: Value): string {
  const values = new Map(membersOf(data).map(({ key, value }) => [key, value]))
  const lines = Array.from(
    environmentNames([...values.keys()]),
    ([name, key]) => `${name}=${quoteFor(key, scalarText(values.get(key)))}\n`,
  )
  return lines.join('')
}

/** Readers end a quoted value at the first quote of its kind and know no escape in common, so the quote must be one that is not in it. */
function quoteFor(key: string, text: string): string {
  if (/[\0\r]/.test(text)) {
    const what = text.includes('\0') ? 'a NUL byte' : 'a carriage return, which readers drop'
    throw refusal(key, what)
  }
  if (!text.includes("'")) return `'${text}'`
  // Between double quotes some readers unescape backslashes and expand $.
  if (!/["\\$`]/.test(text)) return `"${text}"`
  if (!text.includes('`')) return `\`${text}\``
  throw refusal(key, 'quotes of every kind')
}

function refusal(key: string, what: string): FunctionError {
  return new FunctionError(
    `the value of ${quote(key)} holds ${what}; a .env file cannot carry it, use format env or json`,
  )
}
