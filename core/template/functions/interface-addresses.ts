/** Interface addresses as Go values, and their attributes. Source: go-sockaddr's IfAddr. */
import type { InterfaceAddress } from '../local-request.ts'
import { parseAddress } from '../network-address.ts'
import { quote } from '../quote.ts'
import {
  type GoSlice,
  type GoStruct,
  int,
  type StructType,
  textOf,
  unbox,
  type Value,
} from '../values.ts'
import { FunctionError } from './function.ts'

export const listType = 'sockaddr.IfAddrs'

const entryType: StructType = {
  name: 'sockaddr.IfAddr',
  fields: new Map([
    ['Name', 'string'],
    ['Address', 'string'],
    ['PrefixLength', 'int'],
    ['IsLoopback', 'bool'],
    ['IsUp', 'bool'],
    ['IsDefault', 'bool'],
  ]),
}

export function addressList(entries: readonly InterfaceAddress[]): GoSlice {
  return { kind: 'slice', type: listType, items: entries.map(entryValue) }
}

function entryValue(entry: InterfaceAddress): GoStruct {
  const fields = new Map<string, Value>([
    ['Name', entry.name],
    ['Address', entry.address],
    ['PrefixLength', int(entry.prefixLength)],
    ['IsLoopback', entry.isLoopback],
    ['IsUp', entry.isUp],
    ['IsDefault', entry.isDefault],
  ])
  return { kind: 'struct', structType: entryType, fields }
}

/** Of a list or of one of its elements; none for every other value. */
export function entriesOf(given: Value): readonly InterfaceAddress[] {
  const value = unbox(given)
  if (typeof value !== 'object') return []
  if (value.kind === 'slice') return value.items.flatMap(entriesOf)
  if (value.kind !== 'struct' || value.structType !== entryType) return []
  const { fields } = value
  const length = fields.get('PrefixLength')
  return [
    {
      name: textOf(fields.get('Name')) ?? '',
      address: textOf(fields.get('Address')) ?? '',
      prefixLength: typeof length === 'object' && length.kind === 'int' ? Number(length.value) : 0,
      isLoopback: fields.get('IsLoopback') === true,
      isUp: fields.get('IsUp') === true,
      isDefault: fields.get('IsDefault') === true,
    },
  ]
}

/** Attribute → its text; the library has more, which are reported as unknown. */
const attributes = new Map<string, (entry: InterfaceAddress) => string>([
  ['name', ({ name }) => name],
  ['address', ({ address }) => address],
  ['host', ({ address }) => address],
  ['type', ({ address }) => (address.includes(':') ? 'IPv6' : 'IPv4')],
  ['port', () => '0'],
  ['mask_bits', ({ prefixLength }) => String(prefixLength)],
  [
    'string',
    ({ address, prefixLength }) =>
      prefixLength === fullLength(address) ? address : `${address}/${prefixLength}`,
  ],
  [
    'hex',
    ({ address }) =>
      parseAddress(address)
        .value.toString(16)
        .padStart(fullLength(address) / 4, '0'),
  ],
  ['size', ({ address, prefixLength }) => String(2n ** BigInt(fullLength(address) - prefixLength))],
  ['octets', ({ address }) => address.split('.').join(' ')],
  [
    'flags',
    ({ isUp, isLoopback }) =>
      [isUp ? 'up' : '', isLoopback ? 'loopback' : ''].filter((flag) => flag !== '').join('|'),
  ],
])

const fullLength = (address: string) => (address.includes(':') ? 128 : 32)

export function attributeOf(entry: InterfaceAddress, selector: string): string {
  const read = attributes.get(selector.toLowerCase())
  if (read !== undefined) return read(entry)
  throw new FunctionError('unsupported attribute ', { value: quote(selector) })
}
