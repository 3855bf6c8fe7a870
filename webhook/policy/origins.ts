/** Addresses of stores and proxies, by scheme, host and port. */
import { readAddress } from './address.ts'
import { isGlob, lowerCase, matchGlob, type PatternValues } from './glob.ts'
import { anything, type SubjectKind } from './subject-kind.ts'

export const addresses: SubjectKind = {
  expected: 'an origin such as "https://vault.example.com:8200" or "https://*.example.com", or "*"',
  isPattern: (pattern) => pattern === anything || readOriginPattern(pattern) !== undefined,
  allows: matchOrigin,
  denies: (pattern, value, values) =>
    readAddress(fillNamespace(value, values)).kind === 'refused' ||
    matchOrigin(pattern, value, values),
}

interface OriginPattern {
  readonly scheme: string
  /** Without the leading wildcard. */
  readonly host: string
  readonly wild: boolean
  readonly port: string
}

/** A wildcard stands for whole labels in front of a name only, so that no host of another domain matches. */
function readOriginPattern(pattern: string): OriginPattern | undefined {
  const match = /^(https?|\*):\/\/(\*\.|\*(?=:|$))?([^*/?#@]*?)(?::(\d+|\*))?\/?$/.exec(pattern)
  if (match === null) return undefined
  const [, scheme = '', wildcard, host = '', port] = match
  if ((wildcard === '*') !== (host === '') || !isGlob(`${host}.`)) return undefined
  const example = `http://${host.replaceAll(/\{\w+\}/g, 'x') || 'x'}`
  if (readAddress(example).kind === 'refused') return undefined
  const usual = scheme === 'http' ? '80' : scheme === 'https' ? '443' : anything
  return {
    scheme,
    host: lowerCase(host).replace(/\.$/, ''),
    wild: wildcard !== undefined,
    port: port ?? usual,
  }
}

function matchOrigin(pattern: string, value: string, values: PatternValues): boolean {
  if (pattern === anything) return true
  const wanted = readOriginPattern(pattern)
  const reading = readAddress(fillNamespace(value, values))
  if (wanted === undefined || reading.kind === 'refused') return false
  const { scheme, host, port } = reading.address
  if (wanted.scheme !== anything && wanted.scheme !== scheme) return false
  if (wanted.port !== anything && wanted.port !== port) return false
  if (wanted.host === '') return true
  if (matchGlob(wanted.host, host, { values })) return !wanted.wild
  return wanted.wild && matchGlob(`**.${wanted.host}`, host, { values })
}

/** The kubelet fills it in later; which namespace it will be is known. */
function fillNamespace(value: string, { namespace }: PatternValues): string {
  return namespace === undefined ? value : value.replaceAll('$(NAMESPACE)', namespace)
}
