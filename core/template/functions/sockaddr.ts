/** Addresses of the machine's interfaces, asked for in go-sockaddr's own template language. Source: go-sockaddr's template. */
import type { InterfaceAddress } from '../local-request.ts'
import { renderNested } from '../nested-rendering.ts'
import { isForwardable, isReserved, isWithin, parseAddress } from '../network-address.ts'
import { quote } from '../quote.ts'
import { RegularExpression } from '../regular-expression.ts'
import { textOf, type Value } from '../values.ts'
import { builtinFunctions } from './builtin.ts'
import { comparisonFunctions } from './comparison.ts'
import {
  FunctionError,
  type FunctionHost,
  type GoFunction,
  stringParameter,
  variadic,
} from './function.ts'
import { addressList, attributeOf, entriesOf, listType } from './interface-addresses.ts'

export const sockaddrFunctions: readonly GoFunction[] = [
  variadic('sockaddr', stringParameter, sockaddr),
]

function sockaddr(words: readonly string[], { local }: FunctionHost): string {
  const answer = local({ kind: 'interfaces' })
  if (answer?.kind === 'failed') throw new FunctionError(answer.reason)
  const all = answer?.kind === 'interfaces' ? answer.addresses : []
  const text = `{{ ${words.join(' ')} }}`
  return renderNested({
    name: 'sockaddr.Parse',
    text,
    functions: functionsOver(all),
    dot: addressList(all),
    onInvalid: ['unable to parse template ', { value: quote(text, true) }, ': '],
    onFailure: ['unable to execute sockaddr input ', { value: quote(text, true) }, ': '],
  })
}

type Addresses = readonly InterfaceAddress[]

const isVersionFour = ({ address }: InterfaceAddress) => !address.includes(':')

/** Functions that ask for interfaces, and those that choose among them. */
function functionsOver(all: Addresses): ReadonlyMap<string, GoFunction> {
  const own: readonly GoFunction[] = [
    source('GetAllInterfaces', () => all),
    source('GetDefaultInterfaces', () => all.filter(({ isDefault }) => isDefault)),
    source('GetPrivateInterfaces', () => usable(all, true)),
    source('GetPublicInterfaces', () => usable(all, false)),
    first('GetPrivateIP', () => usable(all, true).filter(isVersionFour)),
    first('GetPublicIP', () => usable(all, false).filter(isVersionFour)),
    every('GetPrivateIPs', () => all.filter((entry) => isPrivate(entry))),
    every('GetPublicIPs', () =>
      all.filter((entry) => isForwardable(parseAddress(entry.address)) && !isPrivate(entry)),
    ),
    named('GetInterfaceIP', (name) => bySize(matching(all, name)).slice(0, 1)),
    named('GetInterfaceIPs', (name) => bySize(matching(all, name))),
    ...listFunctions,
  ]
  return new Map(
    [...builtinFunctions, ...comparisonFunctions, ...own].map(
      (entry) => [entry.name, entry] as const,
    ),
  )
}

function source(name: string, find: () => Addresses): GoFunction {
  return { name, parameters: [], run: () => addressList(find()) }
}

function first(name: string, find: () => Addresses): GoFunction {
  return { name, parameters: [], run: () => find()[0]?.address ?? '' }
}

function every(name: string, find: () => Addresses): GoFunction {
  return { name, parameters: [], run: () => addressTexts(find()) }
}

function named(name: string, find: (name: string) => Addresses): GoFunction {
  return { name, parameters: ['string'], run: ([given]) => addressTexts(find(textOf(given) ?? '')) }
}

const addressTexts = (entries: Addresses) => entries.map(({ address }) => address).join(' ')

const isPrivate = ({ address }: InterfaceAddress) =>
  isReserved(parseAddress(address)) && isForwardable(parseAddress(address))

/** The default route's first, then version 4, then the smaller network. */
function usable(all: Addresses, isReservedWanted: boolean): Addresses {
  return all
    .filter((entry) => entry.isUp && isForwardable(parseAddress(entry.address)))
    .filter(({ address }) => isReserved(parseAddress(address)) === isReservedWanted)
    .toSorted((a, b) => {
      const byDefault = Number(b.isDefault) - Number(a.isDefault)
      const byVersion = Number(isVersionFour(b)) - Number(isVersionFour(a))
      return byDefault || byVersion || b.prefixLength - a.prefixLength
    })
}

const bySize = (entries: Addresses) => entries.toSorted((a, b) => a.prefixLength - b.prefixLength)

function matching(entries: Addresses, pattern: string): Addresses {
  const expression = new RegularExpression(pattern)
  return entries.filter(({ name }) => expression.test(name))
}

function over(
  name: string,
  parameters: readonly string[],
  run: (words: readonly Value[], entries: Addresses) => Value,
): GoFunction {
  return {
    name,
    parameters: [...parameters, listType],
    run: (values) => run(values.slice(0, -1), entriesOf(values.at(-1))),
  }
}

const text = (value: Value) => textOf(value) ?? ''
const whole = (value: Value) =>
  typeof value === 'object' && (value.kind === 'int' || value.kind === 'uint')
    ? Number(value.value)
    : 0

const listFunctions: readonly GoFunction[] = [
  over('include', ['string', 'string'], ([selector, value], entries) =>
    addressList(entries.filter(selects(text(selector), text(value), 'include'))),
  ),
  over('exclude', ['string', 'string'], ([selector, value], entries) => {
    const isChosen = selects(text(selector), text(value), 'exclude')
    return addressList(entries.filter((entry) => !isChosen(entry)))
  }),
  over('sort', ['string'], ([order], entries) => addressList(sorted(entries, text(order)))),
  over('limit', ['uint'], ([count], entries) => addressList(entries.slice(0, whole(count)))),
  over('offset', ['int'], ([from], entries) => addressList(entries.slice(whole(from)))),
  over('unique', ['string'], ([selector], entries) => addressList(unique(entries, text(selector)))),
  over('join', ['string', 'string'], ([selector, separator], entries) =>
    entries.map((entry) => attributeOf(entry, text(selector))).join(text(separator)),
  ),
  {
    name: 'attr',
    parameters: ['string', 'interface {}'],
    run: ([selector, given]) => {
      const [entry] = entriesOf(given)
      return entry === undefined ? '' : attributeOf(entry, text(selector))
    },
  },
]

function selects(
  selector: string,
  value: string,
  doing: string,
): (entry: InterfaceAddress) => boolean {
  switch (selector.toLowerCase()) {
    case 'name':
      return byPattern(value, ({ name }) => name)
    case 'address':
      return byPattern(value, ({ address }) => address)
    case 'type':
      return (entry) =>
        typesOf(value).some(
          (type) => type === 'ip' || type === (isVersionFour(entry) ? 'ipv4' : 'ipv6'),
        )
    case 'network':
      return ({ address }) => isWithin(parseAddress(address), value)
    case 'rfc':
    case 'rfcs':
      if (value !== '6890') throw new FunctionError('unsupported RFC ', { value })
      return ({ address }) => isReserved(parseAddress(address))
    case 'size':
      return ({ prefixLength }) => prefixLength === Number(value.replace('/', ''))
    case 'flag':
    case 'flags':
      return (entry) =>
        value
          .toLowerCase()
          .split('|')
          .some((flag) => hasFlag(entry, flag))
    default:
      throw new FunctionError(`invalid ${doing} selector `, { value: quote(selector) })
  }
}

function byPattern(
  pattern: string,
  read: (entry: InterfaceAddress) => string,
): (entry: InterfaceAddress) => boolean {
  const expression = new RegularExpression(pattern)
  return (entry) => expression.test(read(entry))
}

function typesOf(value: string): readonly string[] {
  return value
    .toLowerCase()
    .split('|')
    .map((type) => {
      if (['ip', 'ipv4', 'ipv6', 'unix'].includes(type)) return type
      throw new FunctionError('unsupported type ', { value: `${quote(type)} ${quote(value)}` })
    })
}

function hasFlag(entry: InterfaceAddress, flag: string): boolean {
  switch (flag) {
    case 'up':
      return entry.isUp
    case 'down':
      return !entry.isUp
    case 'loopback':
      return entry.isLoopback
    case 'forwardable':
      return isForwardable(parseAddress(entry.address))
    case 'link-local unicast':
      return ['169.254.0.0/16', 'fe80::/10'].some((network) =>
        isWithin(parseAddress(entry.address), network),
      )
    default:
      throw new FunctionError('Unknown interface flag: ', { value: quote(flag, true) })
  }
}

type Order = (a: InterfaceAddress, b: InterfaceAddress) => number

const orders = new Map<string, Order>([
  [
    'address',
    (a, b) =>
      Number(isVersionFour(b)) - Number(isVersionFour(a)) ||
      compare(parseAddress(a.address).value, parseAddress(b.address).value),
  ],
  ['default', (a, b) => Number(b.isDefault) - Number(a.isDefault)],
  ['name', (a, b) => compare(a.name, b.name)],
  ['private', (a, b) => Number(isPrivate(b)) - Number(isPrivate(a))],
  ['size', (a, b) => b.prefixLength - a.prefixLength],
  ['type', (a, b) => Number(isVersionFour(b)) - Number(isVersionFour(a))],
])

function compare<T extends bigint | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function sorted(entries: Addresses, text: string): Addresses {
  const clauses = text.split(',').map((clause) => {
    const [, sign, name = ''] = /^([+-]?)(.*)$/.exec(clause.trim().toLowerCase()) ?? []
    const order = orders.get(name)
    if (order === undefined)
      throw new FunctionError('unknown sort type: ', { value: quote(clause) })
    return sign === '-' ? (a: InterfaceAddress, b: InterfaceAddress) => order(b, a) : order
  })
  return entries.toSorted((a, b) => clauses.reduce((sum, order) => sum || order(a, b), 0))
}

/** Only neighbours are compared, as in the library. */
function unique(entries: Addresses, selector: string): Addresses {
  if (!['address', 'name'].includes(selector.toLowerCase())) {
    throw new FunctionError('unsupported unique constraint ', { value: quote(selector, true) })
  }
  const read = (entry: InterfaceAddress | undefined) => entry && attributeOf(entry, selector)
  return entries.filter((entry, at) => at === 0 || read(entry) !== read(entries[at - 1]))
}
