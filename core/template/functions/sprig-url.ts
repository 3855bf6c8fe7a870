/** sprig's URLs. Source: sprig's url.go. */

import { kindName } from '../kind-name.ts'
import { formatUrl, hostnameOf, parseUrl } from '../url.ts'
import { anyMap, type GoMap, textOf, unbox, type Value } from '../values.ts'
import {
  anyMapParameter,
  FunctionError,
  type GoFunction,
  prefixing,
  stringParameter,
  unary,
} from './function.ts'

export const sprigUrlFunctions: readonly GoFunction[] = [
  unary('sprig_urlParse', stringParameter, parse),
  unary('sprig_urlJoin', anyMapParameter, join),
]

function parse(text: string): Value {
  const url = prefixing(['unable to parse url: '], () => parseUrl(text))
  const { scheme, host, path, query, opaque, fragment, userinfo = '' } = url
  const hostname = hostnameOf(url)
  return anyMap(
    new Map(Object.entries({ scheme, host, hostname, path, query, opaque, fragment, userinfo })),
  )
}

function join(map: GoMap): string {
  const [scheme, host, path, query, opaque, fragment] = [
    'scheme',
    'host',
    'path',
    'query',
    'opaque',
    'fragment',
  ].map((key) => textAt(map, key))
  const given = textAt(map, 'userinfo')
  const userinfo =
    given === ''
      ? undefined
      : prefixing(['unable to parse userinfo in dict: '], () => parseUrl(`proto://${given}@host`))
          .userinfo
  return formatUrl({
    scheme: scheme ?? '',
    host: host ?? '',
    path: path ?? '',
    rawPath: '',
    query: query ?? '',
    opaque: opaque ?? '',
    fragment: fragment ?? '',
    userinfo,
  })
}

function textAt({ entries }: GoMap, key: string): string {
  if (!entries.has(key)) return ''
  const value = unbox(entries.get(key))
  const text = textOf(value)
  if (text !== undefined) return text
  if (value === undefined) {
    throw new FunctionError('runtime error: invalid memory address or nil pointer dereference')
  }
  throw new FunctionError(
    `unable to parse ${key} key, must be of type string, but ${kindName(value)} found`,
  )
}
