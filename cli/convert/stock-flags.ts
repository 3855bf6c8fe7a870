/** The flags and variables of vault-k8s 1.7.6's injector, and what becomes of those that are none of ours. */
import { findNearest } from '../../core/nearest.ts'
import { type Flag, findFlag, flags, isSwitch } from '../../webhook/config/flags.ts'
import { type Conversion, type ConvertOptions, keep, lose } from './conversion.ts'

interface StockFlag {
  /** Empty for what only has a variable. */
  readonly name: string
  readonly variable: string
  readonly isSwitch: boolean
  /** Why it has no counterpart, whatever this version reads. */
  readonly reason?: string
}

function stock(name: string, given: Partial<StockFlag> = {}): StockFlag {
  const variable = `AGENT_INJECT_${name.toUpperCase().replaceAll('-', '_')}`
  return { name, variable, isSwitch: false, ...given }
}

const replicas = 'the replicas share their certificates without a leader'
const certificates =
  'the chart sets it: without injector.certs.secretName the webhook makes its own certificates'
const noEffect = 'vault-k8s reads it without any effect'

/** Those that have a counterpart of another kind, or none; all others are flags of ours by the same name. */
const special: readonly StockFlag[] = [
  stock('use-leader-elector', { isSwitch: true, reason: replicas }),
  stock('', { variable: 'AGENT_INJECT_TEMPLATE_LEASE_RENEWAL_THRESHOLD', reason: noEffect }),
  stock('', { variable: 'AGENT_INJECT_TEMPLATE_MAX_CONNECTIONS_PER_HOST' }),
  stock('proxy-address', { variable: 'AGENT_INJECT_PROXY_ADDR' }),
  stock('revoke-on-shutdown', { isSwitch: true }),
  stock('disable-idle-connections'),
  stock('disable-keep-alives'),
  stock('telemetry-path'),
  stock('tls-ca-cert-file'),
  stock('tls-min-version'),
  stock('tls-cipher-suites'),
]

/** The chart gives the webhook its certificates: as values these would contradict it. */
const servedByChart: readonly Flag<unknown>[] = [
  flags.tlsAuto,
  flags.tlsAutoHosts,
  flags.tlsCertFile,
  flags.tlsKeyFile,
  flags.namespace,
]

const ours: readonly Flag<unknown>[] = Object.values(flags)

export function takesNoValue(name: string): boolean {
  const row = findFlag(name)
  return row === undefined
    ? special.some((flag) => flag.name === name && flag.isSwitch)
    : isSwitch(row)
}

/** `from` is the flag as it was given. */
export function convertFlag(name: string, value: string, options: ConvertOptions): Conversion {
  const row = findFlag(name)
  const known = special.find((flag) => flag.name === name && name !== '')
  return convert({ from: `-${name}`, value, row, known, near: suggestFlag(name) }, options)
}

/** An empty variable is none, as in vault-k8s. Variables of TLS may lack `AGENT_INJECT_`, as there. */
export function convertVariable(
  name: string,
  value: string,
  options: ConvertOptions,
): Conversion | undefined {
  const full = name.startsWith('TLS_') ? `AGENT_INJECT_${name}` : name
  const row = ours.find(({ env }) => env === full)
  const known = special.find(({ variable }) => variable === full)
  if (row === undefined && known === undefined && !full.startsWith('AGENT_INJECT_'))
    return undefined
  if (value === '') return lose(name, 'an empty variable means its default')
  return convert({ from: name, value, row, known, near: suggestVariable(full) }, options)
}

interface Given {
  readonly from: string
  readonly value: string
  readonly row: Flag<unknown> | undefined
  readonly known: StockFlag | undefined
  readonly near: string | undefined
}

function convert({ from, value, row, known, near }: Given, options: ConvertOptions): Conversion {
  if (known?.reason !== undefined) return lose(from, known.reason)
  if (row === undefined) {
    if (known !== undefined) return lose(from, 'this version has no such setting')
    const hint = near === undefined ? '' : `; did you mean ${near}?`
    return lose(from, `neither vault-k8s nor Claviger has it${hint}`)
  }
  if (row.name === flags.vaultImage.name && !options.keepsBehaviour) {
    return lose(from, 'Claviger has an agent of its own; -keep-behaviour keeps this image')
  }
  if (row.kind.parse(value) === undefined) {
    return lose(from, `expected ${row.kind.expected} for ${row.env}`)
  }
  return keep({ kind: 'flag', from, flag: row, value })
}

export function isServedByChart(row: Flag<unknown>): string | undefined {
  return servedByChart.includes(row) ? certificates : undefined
}

function suggestFlag(name: string): string | undefined {
  const names = [...ours, ...special].map((flag) => flag.name).filter((known) => known !== '')
  const near = findNearest(name, names)
  return near === undefined ? undefined : `-${near}`
}

function suggestVariable(name: string): string | undefined {
  return findNearest(name, [
    ...ours.map(({ env }) => env),
    ...special.map(({ variable }) => variable),
  ])
}
