/** The table of flags and environment variables of `guard`: parser, `--help`, docs, chart and tests derive from it. */
import { type Flag, type FlagOptions, ownFlag } from '../config/flag.ts'
import { goBool, listenAddress, milliseconds } from '../config/kinds.ts'
import { logFormat, logLevel } from '../inject/kinds/log-kinds.ts'
import { choice, text, type ValueKind } from '../inject/kinds/value-kinds.ts'
import { profiles } from '../inject/profiles.ts'

const perMinute: ValueKind<number> = {
  expected: 'a whole number from 1 to 60',
  parse: (value) => (/^[1-9]\d?$/.test(value) && Number(value) <= 60 ? Number(value) : undefined),
  shown: true,
}

function guardFlag<T>(name: string, kind: ValueKind<T>, options: FlagOptions<T>): Flag<T> {
  const env = `CLAVIGER_GUARD_${name.toUpperCase().replaceAll('-', '_')}`
  return { ...ownFlag(name, kind, options), env, variables: [env] }
}

export const guardFlags = {
  listen: guardFlag('listen', listenAddress, {
    default: ':8081',
    doc: 'Address to serve /metrics, /healthz and /readyz on, without TLS.',
  }),
  evict: guardFlag('evict', goBool, {
    default: 'false',
    doc: 'Evicts pods of a controller that should have been injected, so that others take their place.',
    isSwitch: true,
  }),
  evictionsPerMinute: guardFlag('evictions-per-minute', perMinute, {
    default: '10',
    doc: 'The most pods that are evicted in a minute.',
  }),
  grace: guardFlag('grace', milliseconds, {
    default: '30s',
    doc: 'How long after its creation a pod is left alone.',
  }),
  namespace: guardFlag('namespace', text, {
    default: '',
    doc: 'Namespace that is left alone beside kube-system and kube-public; by default the one of the ServiceAccount.',
  }),
  profile: guardFlag('profile', choice([...profiles.keys()]), {
    default: 'claviger',
    doc: 'The profile of the webhook, which says what counts as asking for injection.',
  }),
  logLevel: guardFlag('log-level', logLevel, { default: 'info', doc: 'What is logged.' }),
  logFormat: guardFlag('log-format', logFormat, {
    default: 'json',
    doc: 'One readable line, or one JSON object a line.',
  }),
} as const satisfies Record<string, Flag<unknown>>

export const guardFlagRows: readonly Flag<unknown>[] = Object.values(guardFlags)
