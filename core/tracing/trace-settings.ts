/** Where spans go and which of them, from OpenTelemetry's standard variables and from a configuration. */
import type { Environment } from '../environment.ts'
import type { Issue } from '../issue.ts'
import { findNearest } from '../nearest.ts'
import { Secret } from '../secret.ts'
import { readPairs } from './pairs.ts'

const samplerNames = [
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
  'always_on',
  'always_off',
  'traceidratio',
] as const

export interface SamplerChoice {
  readonly name: (typeof samplerNames)[number]
  /** Of traces that are kept, where the name says that it counts. */
  readonly ratio: number
}

export interface TraceSettings {
  /** Where spans are posted to. */
  readonly url: string
  readonly headers: ReadonlyMap<string, Secret>
  /** File with more of them, read for each request. */
  readonly headersPath: string | undefined
  /** Of one request, milliseconds. Default 10 s. */
  readonly timeoutMs: number
  /** PEM files, read for each request. */
  readonly caPath: string | undefined
  readonly certPath: string | undefined
  readonly keyPath: string | undefined
  /** `service.name` and the like. */
  readonly resource: ReadonlyMap<string, string>
  readonly sampler: SamplerChoice
}

/** What a program says itself; variables go before it. */
export interface OwnTraces {
  readonly service: string
  /** Of the place where it runs. */
  readonly resource: ReadonlyMap<string, string>
  /** As `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly endpoint?: string | undefined
  readonly headersPath?: string | undefined
  readonly caPath?: string | undefined
}

export interface ReadTraces {
  /** Undefined: nothing is traced. */
  readonly settings: TraceSettings | undefined
  /**
   * Of variables: each is passed over, as OpenTelemetry asks, for what watches a program is no reason to keep it from its work.
   * Issue code `traces`. Source: OpenTelemetry specification, environment variables.
   */
  readonly warnings: readonly Issue[]
}

/** Nothing is traced unless an endpoint is given, or `OTEL_TRACES_EXPORTER=otlp`. */
export function readTraces(own: OwnTraces, environment: Environment): ReadTraces {
  const variables = new Variables(environment)
  if (variables.isTrue('OTEL_SDK_DISABLED')) return { settings: undefined, warnings: [] }
  const url = isWanted(variables) ? findUrl(variables, own) : undefined
  if (url === undefined) return { settings: undefined, warnings: variables.warnings }
  const settings = {
    url,
    headers: readHeaders(variables),
    headersPath: own.headersPath,
    timeoutMs: variables.otlp('TIMEOUT', readWhole) ?? defaultTimeoutMs,
    caPath: variables.otlp('CERTIFICATE', readText) ?? own.caPath,
    certPath: variables.otlp('CLIENT_CERTIFICATE', readText),
    keyPath: variables.otlp('CLIENT_KEY', readText),
    resource: readResource(variables, own),
    sampler: readSampler(variables),
  }
  return { settings, warnings: variables.warnings }
}

/** Undefined for what is none: `http://` or `https://`, no user, no query. */
export function readEndpoint(text: string): URL | undefined {
  if (!/^https?:\/\/[^\s?#@]+$/i.test(text) || !URL.canParse(text)) return undefined
  return new URL(text)
}

export const endpointExpected =
  'an http:// or https:// address such as "http://collector:4318", without user and query'

const defaultTimeoutMs = 10_000

/** Source: OpenTelemetry specification, OTLP exporter. */
const defaultEndpoint = 'http://localhost:4318'

interface Reader<T> {
  readonly expected: string
  readonly parse: (text: string) => T | undefined
}

const readText: Reader<string> = { expected: 'a text', parse: (text) => text }
const readWhole: Reader<number> = {
  expected: 'milliseconds, a whole number above 0',
  parse: (text) => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined),
}
const readUrl: Reader<URL> = { expected: endpointExpected, parse: readEndpoint }

class Variables {
  readonly warnings: Issue[] = []
  readonly #environment: Environment

  constructor(environment: Environment) {
    this.#environment = environment
  }

  /** An empty one is none. */
  text(name: string): string | undefined {
    return this.#environment[name]?.trim() || undefined
  }

  isTrue(name: string): boolean {
    return this.text(name)?.toLowerCase() === 'true'
  }

  read<T>(name: string, { expected, parse }: Reader<T>): T | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const value = parse(text)
    if (value === undefined) this.warn(name, expected)
    return value
  }

  /** The variable of traces, else the one of all signals. */
  otlp<T>(suffix: string, reader: Reader<T>): T | undefined {
    const own = `OTEL_EXPORTER_OTLP_TRACES_${suffix}`
    return this.read(this.text(own) === undefined ? `OTEL_EXPORTER_OTLP_${suffix}` : own, reader)
  }

  warn(path: string, expected: string, hint?: string): void {
    const issue = { code: 'traces', path, expected }
    this.warnings.push(hint === undefined ? issue : { ...issue, hint })
  }
}

/** Whether there may be spans at all. */
function isWanted(variables: Variables): boolean {
  const exporter = variables.text('OTEL_TRACES_EXPORTER')
  if (exporter === 'none') return false
  if (exporter !== undefined && exporter !== 'otlp') {
    variables.warn('OTEL_TRACES_EXPORTER', 'otlp or none', 'there are no traces')
    return false
  }
  // A collector takes both forms of HTTP at one address.
  const protocols = ['http/json', 'http/protobuf']
  const before = variables.warnings.length
  variables.otlp('PROTOCOL', {
    expected: `${protocols.join(' or ')}; there are no traces`,
    parse: (text) => protocols.find((protocol) => protocol === text),
  })
  return variables.warnings.length === before
}

function findUrl(variables: Variables, { endpoint }: OwnTraces): string | undefined {
  const whole = 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'
  if (variables.text(whole) !== undefined) return variables.read(whole, readUrl)?.href
  const base = 'OTEL_EXPORTER_OTLP_ENDPOINT'
  if (variables.text(base) !== undefined) return below(variables.read(base, readUrl))
  const isAsked = variables.text('OTEL_TRACES_EXPORTER') === 'otlp'
  const given = endpoint ?? (isAsked ? defaultEndpoint : undefined)
  return given === undefined ? undefined : below(readEndpoint(given))
}

function below(base: URL | undefined): string | undefined {
  return base === undefined ? undefined : `${base.href.replace(/\/+$/, '')}/v1/traces`
}

/** Those of traces go before those of all signals. */
function readHeaders(variables: Variables): ReadonlyMap<string, Secret> {
  const expected = 'NAME=VALUE with commas between them, values percent-encoded'
  const names = ['OTEL_EXPORTER_OTLP_HEADERS', 'OTEL_EXPORTER_OTLP_TRACES_HEADERS']
  const pairs = names.flatMap((name) => [
    ...(variables.read(name, { expected, parse: readHeaderPairs }) ?? []),
  ])
  return new Map(pairs)
}

/** Names in lower case; undefined for what no header can be. */
export function readHeaderPairs(text: string): ReadonlyMap<string, Secret> | undefined {
  const pairs = readPairs(text)
  const isHeader = (name: string, value: string) =>
    /^[\w!#$%&'*+.^`|~-]+$/.test(name) && /^[\x20-\x7e]*$/.test(value)
  if (pairs === undefined || ![...pairs].every(([name, value]) => isHeader(name, value))) {
    return undefined
  }
  return new Map(Array.from(pairs, ([name, value]) => [name.toLowerCase(), new Secret(value)]))
}

function readResource(variables: Variables, own: OwnTraces): ReadonlyMap<string, string> {
  const expected = 'NAME=VALUE with commas between them, values percent-encoded'
  const given = variables.read('OTEL_RESOURCE_ATTRIBUTES', { expected, parse: readPairs })
  const service = variables.text('OTEL_SERVICE_NAME')
  return new Map([
    ['service.name', own.service],
    ...own.resource,
    ...(given ?? []),
    ...(service === undefined ? [] : [['service.name', service] as const]),
  ])
}

function readSampler(variables: Variables): SamplerChoice {
  const [standard] = samplerNames
  const text = variables.text('OTEL_TRACES_SAMPLER') ?? standard
  const name = samplerNames.find((each) => each === text)
  if (name === undefined) {
    const nearest = findNearest(text, samplerNames)
    const meant = nearest === undefined ? '' : `did you mean ${nearest}? `
    const expected = `one of ${samplerNames.join(', ')}`
    variables.warn('OTEL_TRACES_SAMPLER', expected, `${meant}${standard} is taken`)
    return { name: standard, ratio: 1 }
  }
  if (!name.endsWith('traceidratio')) return { name, ratio: 1 }
  const ratio = variables.read('OTEL_TRACES_SAMPLER_ARG', {
    expected: 'a number from 0 to 1; 1 is taken',
    parse: readRatio,
  })
  return { name, ratio: ratio ?? 1 }
}

function readRatio(text: string): number | undefined {
  const ratio = /^(?:\d+(?:\.\d*)?|\.\d+)$/.test(text) ? Number(text) : Number.NaN
  return ratio >= 0 && ratio <= 1 ? ratio : undefined
}
