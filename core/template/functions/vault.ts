/** Functions that ask a store. Source: consul-template's secret. */
import { fromByteString } from '../byte-string.ts'
import { quote } from '../quote.ts'
import { parseReadPath, trimPath } from '../read-path.ts'
import { box, type Value } from '../values.ts'
import {
  FunctionError,
  type FunctionHost,
  type GoFunction,
  stringParameter,
  variadic,
} from './function.ts'

export const vaultFunctions: readonly GoFunction[] = [variadic('secret', stringParameter, secret)]

/** A read with the path alone; any further argument, even an empty one, makes it a write. */
function secret([path, ...pairs]: readonly string[], host: FunctionHost): Value {
  if (path === undefined) return box(undefined)
  if (pairs.length === 0) return box(host.secret(parseReadPath(path)))
  const data = new Map(pairs.filter((pair) => pair !== '').map(toPair))
  const trimmed = trimPath(path)
  if (trimmed === '') throw new FunctionError('vault.write: invalid format: ""')
  return box(host.secret({ kind: 'write', path: fromByteString(trimmed), data }))
}

function toPair(pair: string): readonly [string, string] {
  const split = pair.indexOf('=')
  if (split < 0) throw new FunctionError('not k=v pair ', { value: quote(pair) })
  const text = fromByteString(pair)
  const at = text.indexOf('=')
  return [text.slice(0, at).trim(), text.slice(at + 1).trim()]
}
