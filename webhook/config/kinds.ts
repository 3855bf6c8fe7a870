/** The kinds of value that only flags have. */
import { durationExpected, parseDuration } from '../../core/duration.ts'
import { findNearest } from '../../core/nearest.ts'
import { ownPaths } from '../http/page.ts'
import { logFormat } from '../inject/kinds/log-kinds.ts'
import type { ValueKind } from '../inject/kinds/value-kinds.ts'
import { cipherSuiteNames } from '../tls/options.ts'

export interface ListenAddress {
  /** Undefined for every address of the machine. */
  readonly host: string | undefined
  readonly port: number
}

export const listenAddress: ValueKind<ListenAddress> = {
  expected: 'host:port or :port',
  parse: (value) => {
    const match = /^(?:\[([\da-fA-F:.]+)\]|([^:\s[\]]*)):(\d{1,5})$/.exec(value)
    const port = Number(match?.[3])
    if (match === null || port > 65_535) return undefined
    return { host: match[1] ?? (match[2] || undefined), port }
  },
  shown: true,
}

/** Null for empty: nowhere. */
export const optionalListenAddress: ValueKind<ListenAddress | null> = {
  expected: `${listenAddress.expected}, or "" for nowhere`,
  parse: (value) => (value === '' ? null : listenAddress.parse(value)),
  shown: true,
}

/** Milliseconds. */
export const milliseconds: ValueKind<number> = {
  expected: durationExpected,
  parse: (value) => {
    const parsed = parseDuration(value, '')
    return parsed.kind === 'ok' ? parsed.value : undefined
  },
  shown: true,
}

/** DNS names and IPv4 addresses. */
export const hostList: ValueKind<readonly string[]> = {
  expected: 'DNS names or IPv4 addresses with commas between them',
  parse: (value) => {
    const hosts = value.split(',').map((host) => host.trim())
    if (value === '') return []
    return hosts.every((host) => /^[\w*-]+(\.[\w-]+)*$/.test(host)) ? hosts : undefined
  },
  shown: false,
}

/** Empty for nowhere. */
export const urlPath: ValueKind<string> = {
  expected: 'a path such as "/metrics" that the webhook does not serve itself',
  parse: (value) =>
    value === '' || (/^(?:\/[\w.~-]+)+$/.test(value) && !ownPaths.includes(value))
      ? value
      : undefined,
  shown: true,
}

/** Go's names of cipher suites; empty for the defaults. */
export const cipherSuiteList: ValueKind<readonly string[]> = {
  expected: 'names of cipher suites as Go has them, with commas between them',
  parse: (value) => {
    const names = value.trim() === '' ? [] : value.split(',').map((name) => name.trim())
    return names.every((name) => cipherSuiteNames.includes(name)) ? names : undefined
  },
  shown: true,
  suggest: (value) => {
    const names = value.split(',').map((name) => name.trim())
    const unknown = names.find((name) => !cipherSuiteNames.includes(name)) ?? ''
    return findNearest(unknown.toUpperCase(), cipherSuiteNames, 6)
  },
}

/** Source: Go, strconv.ParseBool. */
export const goBool: ValueKind<string> = {
  expected: '"true" or "false"',
  parse: (value) => {
    if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(value)) return 'true'
    return ['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(value) ? 'false' : undefined
  },
  shown: true,
}

/** Source: Go, strconv.ParseInt. */
export const goInteger: ValueKind<string> = {
  expected: 'a whole number',
  parse: (value) => (/^[+-]?\d{1,18}$/.test(value) ? String(BigInt(value)) : undefined),
  shown: true,
}

/** Source: Go, strconv.ParseFloat, of what a share can be. */
export const goFloat: ValueKind<string> = {
  expected: 'a number such as "0.9"',
  parse: (value) => (/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/.test(value) ? value : undefined),
  shown: true,
}

/** Source: Go, time.ParseDuration: every number has a unit; empty is the default. */
export const goDuration: ValueKind<string> = {
  expected: 'a duration with units such as "5s" or "1h30m"',
  parse: (value) =>
    /^(?:[+-]?(?:0|(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+))?$/.test(value)
      ? value
      : undefined,
  shown: true,
}

/** What is not json is standard in vault-k8s. */
export const stockLogFormat: typeof logFormat = {
  ...logFormat,
  parse: (value) => (value === 'json' ? 'json' : 'standard'),
}

/** Anything that is there. */
export const nonEmpty: ValueKind<string> = {
  expected: 'the address of the store, such as "https://vault.vault.svc:8200"',
  parse: (value) => (value === '' ? undefined : value),
  shown: false,
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** Whatever it is; base64 is decoded. Source: vault-k8s, which passes it on like that. */
export const stockCertificates: ValueKind<string> = {
  expected: 'PEM certificates, or base64 of them',
  parse: (value) => {
    const joined = value.replace(/[\r\n]/g, '')
    return base64.test(joined) ? Buffer.from(joined, 'base64').toString('utf8') : value
  },
  shown: false,
}
