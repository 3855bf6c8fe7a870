/** Functions that reach the machine: files and programs. Source: consul-template's file, writeToFile and plugin. */
import { quote } from '../quote.ts'
import { trimSpace } from '../trim.ts'
import { textOf } from '../values.ts'
import {
  FunctionError,
  type FunctionHost,
  type GoFunction,
  stringParameter,
  unary,
  variadicAfter,
} from './function.ts'

export const machineFunctions: readonly GoFunction[] = [
  unary('file', stringParameter, (path, { local }) => {
    if (path === '') return ''
    const answer = local({ kind: 'file', path: trimSpace(path) })
    if (answer?.kind === 'failed') {
      throw new FunctionError({ value: `'${trimSpace(path)}'` }, ` ${answer.reason}`)
    }
    return answer?.kind === 'text' ? answer.text : ''
  }),
  variadicAfter('plugin', [stringParameter, stringParameter], (name, words, { local }) => {
    if (name === '') return ''
    const trimmed = words.map(trimSpace).filter((word) => word !== '')
    const answer = local({ kind: 'plugin', name, words: trimmed })
    if (answer?.kind === 'failed') {
      throw new FunctionError('exec ', { value: quote(name) }, `: ${answer.reason}`)
    }
    return answer?.kind === 'text' ? trimSpace(answer.text) : ''
  }),
  {
    name: 'writeToFile',
    parameters: ['string', 'string', 'string', 'string'],
    rest: 'string',
    run: (values, host) =>
      writeToFile(
        values.map((value) => textOf(value) ?? ''),
        host,
      ),
  },
]

/** `writeToFile path user group perms [flags] content` prints nothing. */
function writeToFile(words: readonly string[], { write }: FunctionHost): string {
  const [path = '', user = '', group = '', permissions = '', ...rest] = words
  const content = rest.at(-1)
  if (content === undefined) throw new FunctionError('runtime error: index out of range [-1]')
  const flags = rest.length === 2 ? (rest[0] ?? '') : ''
  write({
    path,
    user,
    group,
    mode: parseMode(permissions),
    append: flags.includes('append'),
    content: flags.includes('newline') ? `${content}\n` : content,
  })
  return ''
}

function parseMode(text: string): number {
  const reason = /^[0-7]+$/.test(text) ? 'value out of range' : 'invalid syntax'
  const mode = Number.parseInt(text, 8)
  if (reason !== 'invalid syntax' && mode < 2 ** 32) return mode
  throw new FunctionError('strconv.ParseUint: parsing ', { value: quote(text) }, `: ${reason}`)
}
