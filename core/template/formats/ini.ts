/** INI files as git's and PHP's readers take them: sections one deep, double quotes where a value needs them. */
import { FunctionError } from '../functions/function.ts'
import { quote } from '../quote.ts'
import { indirect, type Value } from '../values.ts'
import { type Member, membersOf } from './members.ts'
import { scalarText } from './scalar-text.ts'

/** Plain members first, then a section for each map. Lists and deeper maps are JSON texts. Throws `FunctionError` for names that break a line. */
export function renderIni(data: Value): string {
  const members = membersOf(data)
  const sections = members.filter(({ value }) => isMap(value))
  const plain = members.filter(({ value }) => !isMap(value)).map(formatLine)
  const blocks = sections.map(({ key, value }) => {
    const header = `[${checkName(key, /\]/)}]\n`
    return header + membersOf(value).map(formatLine).join('')
  })
  return [plain.join(''), ...blocks].filter((block) => block !== '').join('\n')
}

function isMap(given: Value): boolean {
  const { value } = indirect(given)
  return typeof value === 'object' && value.kind === 'map'
}

function formatLine({ key, value }: Member): string {
  const name = checkName(key, /[=;#[\]"\\]|^\s|\s$/)
  return `${name} = ${quoteWhereNeeded(key, scalarText(value))}\n`
}

/** Anything but printable ASCII and the bytes of other characters. */
const control = /[^ -~\x80-\xff]/

function checkName(name: string, forbidden: RegExp): string {
  if (name !== '' && !control.test(name) && !forbidden.test(name)) return name
  throw new FunctionError(`the key ${quote(name)} cannot be written as a name of an INI file`)
}

/** A comment sign, a quote, an escape, or space at an end. */
const special = /["\\;#'\n\t]|^ | $/
const escapes = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\t', '\\t'],
])

function quoteWhereNeeded(key: string, text: string): string {
  if (control.test(text.replace(/[\n\t]/g, ''))) {
    throw new FunctionError(
      `the value of ${quote(key)} holds control characters that INI has no form for`,
    )
  }
  if (text !== '' && !special.test(text)) return text
  return `"${text.replace(/["\\\n\t]/g, (byte) => escapes.get(byte) ?? byte)}"`
}
