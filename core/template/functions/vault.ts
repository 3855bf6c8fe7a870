/** Functions that ask a store. Source: consul-template's secret, secrets and pkiCert. */
import type { ReferenceStores } from '../../reference.ts'
import { fromByteString } from '../byte-string.ts'
import { quote } from '../quote.ts'
import { parseReadPath, trimPath } from '../read-path.ts'
import { askForNames, askForSecret, refuseStore } from '../secret-question.ts'
import type { SecretQuestion } from '../secret-request.ts'
import { box, stringList } from '../values.ts'
import { FunctionError, type GoFunction, stringParameter, unary, variadic } from './function.ts'

export const vaultFunctions: readonly GoFunction[] = [
  variadic('secret', stringParameter, (words, { secret, stores }) => {
    const question = askSecret(words, stores)
    return box(question && secret(question))
  }),
  unary('secrets', stringParameter, (path, { secret, stores }) => {
    const question = askNames([path], stores)
    return (question && secret(question)) ?? stringList([])
  }),
  variadic('pkiCert', stringParameter, (words, { secret, stores }) => {
    const question = askCertificate(words, stores)
    return box(question && secret(question))
  }),
]

/** What a call with those words asks for; undefined for nothing. Throws `FunctionError` for words that it refuses. */
export type Ask = (
  words: readonly string[],
  stores: ReferenceStores | undefined,
) => SecretQuestion | undefined

/** By the function's name. */
export const asks: ReadonlyMap<string, Ask> = new Map([
  ['secret', askSecret],
  ['secrets', askNames],
  ['pkiCert', askCertificate],
])

/** A read with the path alone; any further argument, even an empty one, makes it a write. */
function askSecret(
  [path, ...pairs]: readonly string[],
  stores: ReferenceStores | undefined,
): SecretQuestion | undefined {
  if (path === undefined) return undefined
  if (pairs.length === 0) return askForSecret(path, stores)
  refuseStore(path, stores)
  const data = toData(pairs)
  const trimmed = trimPath(path)
  if (trimmed === '') throw new FunctionError('vault.write: invalid format: ""')
  return { request: { kind: 'write', path: fromByteString(trimmed), data } }
}

function askNames(
  [path = '']: readonly string[],
  stores: ReferenceStores | undefined,
): SecretQuestion | undefined {
  const request = askForNames(path, stores)
  return request && { request }
}

/** The path is taken for a URL, as that of a read is; its query is dropped. */
function askCertificate(
  [given, ...pairs]: readonly string[],
  stores: ReferenceStores | undefined,
): SecretQuestion | undefined {
  if (given === undefined) return undefined
  refuseStore(given, stores)
  const data = toData(pairs)
  return { request: { kind: 'pki', path: parseReadPath(given).path, data } }
}

function toData(pairs: readonly string[]): ReadonlyMap<string, string> {
  return new Map(pairs.filter((pair) => pair !== '').map(toPair))
}

function toPair(pair: string): readonly [string, string] {
  const split = pair.indexOf('=')
  if (split < 0) throw new FunctionError('not k=v pair ', { value: quote(pair) })
  const text = fromByteString(pair)
  const at = text.indexOf('=')
  return [text.slice(0, at).trim(), text.slice(at + 1).trim()]
}
