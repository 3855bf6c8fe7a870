/** The kinds of value that are names; in all of them empty is none. */
import type { ValueKind } from './value-kinds.ts'

/** Source: Kubernetes, the names of objects (DNS subdomains, RFC 1123). */
export const objectName: ValueKind<string> = {
  expected: 'the name of an object: lower case letters, digits, "-" and "."',
  parse: (value) =>
    value === '' || (value.length <= 253 && /^[a-z\d]([-.a-z\d]*[a-z\d])?$/.test(value))
      ? value
      : undefined,
  shown: false,
}

/** A DNS name or an IP address. */
export const hostName: ValueKind<string> = {
  expected: 'a DNS name or an IP address, without port',
  parse: (value) => (/^[\w.-]*$/.test(value) || isIpv6(value) ? value : undefined),
  shown: false,
}

function isIpv6(value: string): boolean {
  return /^[\da-fA-F:.]+$/.test(value) && URL.canParse(`http://[${value}]`)
}

/** The path of a namespace of the store; it travels in a header. */
export const storeNamespace: ValueKind<string> = {
  expected: 'a namespace of the store such as "team/app"',
  parse: (value) => (/^[\x21-\x7e]*$/.test(value) ? value : undefined),
  shown: false,
}

/** An HTTP proxy, as the usual variables name it; empty is none. */
export const proxyAddress: ValueKind<string> = {
  expected: 'an http:// or https:// address such as "http://proxy:3128", without user',
  parse: (value) => {
    if (value === '') return value
    return /^https?:\/\/[^\s/@]+\/?$/.test(value) && URL.canParse(value) ? value : undefined
  },
  shown: false,
}

/** As the command line of a process begins, without its directory. */
export const processName: ValueKind<string> = {
  expected: 'the name of a program, without its directory',
  parse: (value) => (value === '' || /^[^/\s][^/]*$/.test(value) ? value : undefined),
  shown: false,
}
