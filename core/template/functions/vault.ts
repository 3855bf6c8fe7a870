/** Functions that ask a store. Source: consul-template's secret, secrets and pkiCert. */
import { fromByteString } from '../byte-string.ts'
import { quote } from '../quote.ts'
import { parseReadPath, trimPath } from '../read-path.ts'
import type { SecretRequest } from '../secret-request.ts'
import { box, stringList } from '../values.ts'
import { FunctionError, type GoFunction, stringParameter, unary, variadic } from './function.ts'

export const vaultFunctions: readonly GoFunction[] = [
  variadic('secret', stringParameter, (words, { secret }) => {
    const request = secretRequest(words)
    return box(request && secret(request))
  }),
  unary('secrets', stringParameter, (path, { secret }) => {
    const request = listRequest(path)
    return (request && secret(request)) ?? stringList([])
  }),
  variadic('pkiCert', stringParameter, (words, { secret }) => {
    const request = pkiRequest(words)
    return box(request && secret(request))
  }),
]

/** Function → what it asks for with those words. Throws `FunctionError` for words that it refuses. */
export const requestBuilders: ReadonlyMap<
  string,
  (words: readonly string[]) => SecretRequest | undefined
> = new Map([
  ['secret', secretRequest],
  ['secrets', ([path = '']) => listRequest(path)],
  ['pkiCert', pkiRequest],
])

/** A read with the path alone; any further argument, even an empty one, makes it a write. */
function secretRequest([path, ...pairs]: readonly string[]): SecretRequest | undefined {
  if (path === undefined) return undefined
  if (pairs.length === 0) return parseReadPath(path)
  const data = toData(pairs)
  const trimmed = trimPath(path)
  if (trimmed === '') throw new FunctionError('vault.write: invalid format: ""')
  return { kind: 'write', path: fromByteString(trimmed), data }
}

/** Nothing is asked of an empty path. */
function listRequest(path: string): SecretRequest | undefined {
  if (path === '') return undefined
  const trimmed = trimPath(path)
  if (trimmed === '') throw new FunctionError('vault.list: invalid format: ""')
  return { kind: 'list', path: fromByteString(trimmed) }
}

/** The path is taken for a URL, as that of a read is; its query is dropped. */
function pkiRequest([given, ...pairs]: readonly string[]): SecretRequest | undefined {
  if (given === undefined) return undefined
  const data = toData(pairs)
  return { kind: 'pki', path: parseReadPath(given).path, data }
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
