/** Arguments and environment as the webhook's configuration, or everything that is wrong with them. */
import type { Issue, Parsed } from '../core/issue.ts'
import type { LogFormat, LogLevel } from '../core/log.ts'
import { type Flag, findFlag, flags, isSwitch, type ListenAddress, suggestFlag } from './flags.ts'
import { profiles, type ResourceList, type WebhookDefaults } from './inject/profiles.ts'

/** Where the serving certificate comes from. */
export type TlsConfig =
  | { readonly kind: 'files'; readonly certFile: string; readonly keyFile: string }
  | {
      readonly kind: 'generated'
      readonly webhookConfiguration: string
      readonly hosts: readonly string[]
      readonly secret: string
      /** Empty for the namespace the webhook runs in. */
      readonly namespace: string
    }

export interface WebhookConfig {
  readonly listen: ListenAddress
  readonly logLevel: LogLevel
  readonly logFormat: LogFormat
  readonly defaults: WebhookDefaults
  readonly tls: TlsConfig
  readonly drainDelayMs: number
  /** Empty for no policy. */
  readonly policyFile: string
  readonly watchNamespaces: boolean
  /** Empty for the one of the ServiceAccount. */
  readonly namespace: string
  /** The image came by its stock name, under which a stock agent might be meant. */
  readonly stockImageName: boolean
}

export type Environment = Readonly<Record<string, string | undefined>>

/** `args` follow the subcommand. Issue codes: `flag`, `flag_unknown`, `flag_missing`. */
export function readConfig(args: readonly string[], env: Environment): Parsed<WebhookConfig> {
  const { given, issues } = splitArguments(args)
  const read = <T>(row: Flag<T>, fallback: T): T => {
    const { path, value } = findValue(row, given, env)
    if (value === undefined) {
      issues.push({ code: 'flag_missing', path, expected: row.kind.expected })
      return fallback
    }
    const parsed = row.kind.parse(value)
    if (parsed === undefined) issues.push(describeWrongValue(row, path, value))
    return parsed ?? fallback
  }
  const config: WebhookConfig = {
    listen: read(flags.listen, { host: undefined, port: 0 }),
    logLevel: read(flags.logLevel, 'info'),
    logFormat: read(flags.logFormat, 'standard'),
    defaults: readDefaults(read, isStockImageName(given, env), readFallbacks(read, given, env)),
    tls: readTls(read, issues),
    drainDelayMs: read(flags.drainDelay, 0),
    policyFile: read(flags.policyFile, ''),
    watchNamespaces: read(flags.watchNamespaces, false),
    namespace: read(flags.namespace, ''),
    stockImageName: isStockImageName(given, env),
  }
  return issues.length === 0 ? { kind: 'ok', value: config } : { kind: 'issues', issues }
}

type Read = <T>(row: Flag<T>, fallback: T) => T

interface Arguments {
  /** By flag name; the last one counts, as in Go. */
  readonly given: ReadonlyMap<string, string>
  readonly issues: Issue[]
}

/** Source: Go's flag package: one or two dashes, `-name=value` or `-name value`. */
function splitArguments(args: readonly string[]): Arguments {
  const given = new Map<string, string>()
  const issues: Issue[] = []
  for (let index = 0; index < args.length; index++) {
    const argument = args[index] ?? ''
    // vault-helm's chart passes a shell redirection as an argument, where it means nothing.
    if (argument === '2>&1') continue
    const match = /^--?([^-=][^=]*)(?:=(.*))?$/s.exec(argument)
    const name = match?.[1] ?? ''
    const row = findFlag(name)
    if (row === undefined) {
      issues.push(describeUnknown(match === null ? argument : `-${name}`, name))
      continue
    }
    const value = match?.[2] ?? (isSwitch(row) ? 'true' : args[++index])
    if (value === undefined) {
      issues.push({ code: 'flag_missing', path: `-${name}`, expected: 'a value after it' })
    } else {
      given.set(name, value)
    }
  }
  return { given, issues }
}

function describeUnknown(path: string, name: string): Issue {
  const meant = suggestFlag(name)
  const hint = meant === undefined ? {} : { hint: `did you mean -${meant}?` }
  return { code: 'flag_unknown', path, expected: 'a flag that --help lists', ...hint }
}

function findValue<T>(
  row: Flag<T>,
  given: ReadonlyMap<string, string>,
  env: Environment,
): { readonly path: string; readonly value: string | undefined } {
  const variable = env[row.env]
  if (variable !== undefined && variable !== '') return { path: row.env, value: variable }
  return { path: `-${row.name}`, value: given.get(row.name) ?? row.default }
}

function describeWrongValue<T>({ kind }: Flag<T>, path: string, value: string): Issue {
  const meant = kind.suggest?.(value)
  return {
    code: 'flag',
    path,
    expected: kind.expected,
    ...(kind.shown ? { got: value.slice(0, 40) } : {}),
    ...(meant === undefined ? {} : { hint: `write ${JSON.stringify(meant)}` }),
  }
}

function isStockImageName(given: ReadonlyMap<string, string>, env: Environment): boolean {
  const own = findValue(flags.agentImage, given, env).value
  const stock = findValue(flags.vaultImage, given, env).value
  return own === flags.agentImage.default && stock !== ''
}

/** By the annotation's key, as text: the annotation's own kind reads it again for each pod. */
function readFallbacks(
  read: Read,
  given: ReadonlyMap<string, string>,
  env: Environment,
): ReadonlyMap<string, string> {
  const rows: readonly Flag<unknown>[] = Object.values(flags)
  const fallbacks = new Map<string, string>()
  for (const row of rows) {
    const { value } = findValue(row, given, env)
    if (row.annotation === undefined || value === undefined || value === '') continue
    read(row, undefined)
    fallbacks.set(row.annotation, value)
  }
  return fallbacks
}

function readDefaults(
  read: Read,
  stockImageName: boolean,
  fallbacks: ReadonlyMap<string, string>,
): WebhookDefaults {
  const name = read(flags.profile, 'claviger')
  const profile = profiles.get(name) ?? [...profiles.values()][0]
  if (profile === undefined) throw new RangeError('there is no profile')
  const imagePullPolicy = read(flags.agentImagePullPolicy, '')
  return {
    profile,
    flavour: undefined,
    stockImage: stockImageName,
    ...(imagePullPolicy === '' ? {} : { imagePullPolicy }),
    image: stockImageName ? read(flags.vaultImage, '') : read(flags.agentImage, ''),
    address: read(flags.vaultAddress, ''),
    authType: read(flags.vaultAuthType, 'kubernetes'),
    authPath: read(flags.vaultAuthPath, ''),
    caCert: read(flags.vaultCaCert, '') || undefined,
    annotations: fallbacks,
    resources: {
      requests: dropEmpty({
        cpu: read(flags.cpuRequest, ''),
        memory: read(flags.memoryRequest, ''),
        ephemeralStorage: read(flags.ephemeralRequest, ''),
      }),
      limits: dropEmpty({
        cpu: read(flags.cpuLimit, ''),
        memory: read(flags.memoryLimit, ''),
        ephemeralStorage: read(flags.ephemeralLimit, ''),
      }),
    },
  }
}

function dropEmpty(list: ResourceList): ResourceList {
  return Object.fromEntries(Object.entries(list).filter(([, value]) => value !== ''))
}

function readTls(read: Read, issues: Issue[]): TlsConfig {
  const certFile = read(flags.tlsCertFile, '')
  const keyFile = read(flags.tlsKeyFile, '')
  const webhookConfiguration = read(flags.tlsAuto, '')
  const hosts = read(flags.tlsAutoHosts, [])
  const secret = read(flags.tlsAutoSecret, '')
  const namespace = read(flags.namespace, '')
  if (certFile !== '' || keyFile !== '') {
    if (certFile === '')
      issues.push(describeMissing(flags.tlsCertFile, 'a file, as -tls-key-file is given'))
    if (keyFile === '')
      issues.push(describeMissing(flags.tlsKeyFile, 'a file, as -tls-cert-file is given'))
    return { kind: 'files', certFile, keyFile }
  }
  if (webhookConfiguration === '') {
    issues.push(
      describeMissing(flags.tlsAuto, 'a name, or -tls-cert-file and -tls-key-file instead'),
    )
  } else if (hosts.length === 0) {
    issues.push(describeMissing(flags.tlsAutoHosts, 'at least one name, as -tls-auto is given'))
  }
  return { kind: 'generated', webhookConfiguration, hosts, secret, namespace }
}

function describeMissing<T>({ name }: Flag<T>, expected: string): Issue {
  return { code: 'flag_missing', path: `-${name}`, expected }
}
