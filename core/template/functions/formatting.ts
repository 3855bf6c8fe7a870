/** Functions of our own, for both engines: values written so that their readers cannot mistake them. */
import { renderDotenv } from '../formats/dotenv.ts'
import { renderIni } from '../formats/ini.ts'
import { renderPem } from '../formats/pem.ts'
import { renderProperties } from '../formats/properties.ts'
import { envLine, exportLine, shellQuote } from '../formats/shell.ts'
import {
  anyParameter,
  binary,
  type GoFunction,
  stringParameter,
  unary,
  variadicAfter,
} from './function.ts'

const nameAndValue = [stringParameter, anyParameter] as const

/** Stock Vault Agent knows none of them. Documents come without their last line break, as `toYAML`'s do. */
export const formattingFunctions: readonly GoFunction[] = [
  unary('shellQuote', stringParameter, shellQuote),
  binary('envLine', nameAndValue, envLine),
  binary('exportLine', nameAndValue, exportLine),
  unary('dotenv', anyParameter, (data) => withoutLineEnd(renderDotenv(data))),
  unary('properties', anyParameter, (data) => withoutLineEnd(renderProperties(data))),
  unary('ini', anyParameter, (data) => withoutLineEnd(renderIni(data))),
  variadicAfter('pem', [anyParameter, stringParameter], (data, parts) =>
    withoutLineEnd(renderPem(data, parts)),
  ),
]

function withoutLineEnd(text: string): string {
  return text.replace(/\n$/, '')
}
