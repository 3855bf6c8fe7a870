/** The verb `claviger dev`: runs the development store, or mints a token for it. */
import { appendFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join, resolve } from 'node:path'
import type { Clock } from '../../core/clock.ts'
import { parseDuration } from '../../core/duration.ts'
import { AppError, toAppError } from '../../core/errors.ts'
import { type FlagValues, parseFlags, type Variables } from '../../core/go-flags.ts'
import { formatIssue, type Issue } from '../../core/issue.ts'
import type { Logger } from '../../core/log.ts'
import { Secret } from '../../core/secret.ts'
import { makeDirectory, readText, writeText } from './directory.ts'
import {
  defaultDirectory,
  defaultListen,
  devFlags,
  devHelp,
  devTokenFlags,
  devTokenHelp,
} from './flags.ts'
import { openIssuer } from './issuer.ts'
import { startDevServer } from './server.ts'
import { createDevStore, type DevEvent } from './store.ts'
import { randomText } from './tokens.ts'

export interface DevDeps {
  readonly variables: Variables
  readonly clock: Clock
  readonly logger: Logger
  /** Standard output and standard error. */
  readonly write: (text: string) => void
  readonly writeError: (text: string) => void
  /** Aborted when the store shall end. */
  readonly stop: AbortSignal
}

/** `words` follow `dev`. Resolves to the exit code, for the store after `stop`. Errors: `input_invalid`, `write_failed`, `config_invalid`. */
export function runDev(words: readonly string[], deps: DevDeps): Promise<number> {
  const [first, ...others] = words
  return first === 'token' ? runToken(others, deps) : runStore(words, deps)
}

async function runStore(words: readonly string[], deps: DevDeps): Promise<number> {
  const parsed = parseFlags(devFlags, words, deps.variables)
  if (parsed.kind === 'issues') return refuse(parsed.issues, deps)
  const { flags, rest } = parsed.value
  if (flags.help === true) return print(devHelp, deps)
  if (rest.length > 0) return refuse([surplus], deps)
  const listen = parseListen(flags.listen ?? defaultListen)
  if (listen === undefined) return refuse([wrongListen], deps)
  if (!listen.loopback && flags['allow-remote'] !== true) return refuse([remote], deps)
  await serve(flags, listen, deps)
  return 0
}

async function serve(
  flags: FlagValues<typeof devFlags>,
  listen: Listen,
  deps: DevDeps,
): Promise<void> {
  const { clock, logger } = deps
  const directory = openDirectory(flags.data)
  const rootTokenFile = resolve(flags['root-token-file'] ?? join(directory, 'root-token'))
  const auditLog = flags['audit-log']
  const store = createDevStore({
    dataDirectory: directory,
    clock,
    rootToken: openRootToken(rootTokenFile),
    issuer: await openIssuer(directory, clock),
    ...(auditLog === undefined ? {} : { onRequest: createAuditLog(auditLog, clock) }),
  })
  const server = await startDevServer({ store, host: listen.host, port: listen.port, logger })
  deps.write(describe(server.address, { directory, rootTokenFile }))
  await aborted(deps.stop)
  await server.close()
}

async function runToken(words: readonly string[], deps: DevDeps): Promise<number> {
  const parsed = parseFlags(devTokenFlags, words, deps.variables)
  if (parsed.kind === 'issues') return refuse(parsed.issues, deps)
  const { flags, rest } = parsed.value
  if (flags.help === true) return print(devTokenHelp, deps)
  const { namespace, audience, 'service-account': serviceAccount } = flags
  if (namespace === undefined || serviceAccount === undefined || rest.length > 0) {
    return refuse([rest.length > 0 ? surplus : missingAccount], deps)
  }
  const ttl = parseDuration(flags.ttl ?? '1h', '-ttl')
  if (ttl.kind === 'issues') return refuse(ttl.issues, deps)
  const issuer = await openIssuer(openDirectory(flags.data), deps.clock)
  const token = await issuer.mint({
    namespace,
    serviceAccount,
    ttl: Math.floor(ttl.value / 1000),
    ...(audience === undefined ? {} : { audience }),
  })
  return print(`${token.reveal()}\n`, deps)
}

/** The directory, which git is told to leave alone. */
function openDirectory(flag: string | undefined): string {
  const directory = resolve(flag ?? defaultDirectory)
  makeDirectory(directory)
  const ignore = join(directory, '.gitignore')
  if (readText(ignore) === undefined) writeText(ignore, '*\n')
  return directory
}

/** The token that `path` holds; a new one, written there with mode 0600, when there is no such file. */
function openRootToken(path: string): Secret {
  const present = readText(path)?.trim()
  if (present === '') throw new AppError('input_invalid', { path, reason: 'no token in it' })
  if (present !== undefined) return new Secret(present)
  const token = `hvs.${randomText(24)}`
  writeText(path, `${token}\n`)
  return new Secret(token)
}

function createAuditLog(path: string, clock: Clock): (event: DevEvent) => void {
  return (event) => {
    const line = JSON.stringify({ time: new Date(clock.now()).toISOString(), ...event })
    try {
      appendFileSync(path, `${line}\n`, { mode: 0o600 })
    } catch (thrown) {
      throw toAppError(thrown, 'write_failed', { path })
    }
  }
}

function describe(
  address: string,
  { directory, rootTokenFile }: { readonly directory: string; readonly rootTokenFile: string },
): string {
  return `Development store, not for production: plain HTTP, no seal, secrets unencrypted on disk.

  Address         ${address}
  Data directory  ${directory}
  Root token in   ${rootTokenFile}

  export VAULT_ADDR=${address}
  export VAULT_TOKEN="$(cat ${shellQuote(rootTokenFile)})"

Mounted: secret/ (KV version 2), database/, auth/kubernetes, auth/jwt.
Ctrl-C ends it; secrets, roles and policies stay in the data directory.
`
}

function shellQuote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

interface Listen {
  readonly host: string
  readonly port: number
  readonly loopback: boolean
}

/** `HOST:PORT` where the host is an address, in brackets for IPv6, or localhost. */
function parseListen(text: string): Listen | undefined {
  const match = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(text)
  const given = match?.[1] ?? match?.[2] ?? ''
  const host = given === 'localhost' ? '127.0.0.1' : given
  const port = Number(match?.[3])
  if (match === null || isIP(host) === 0 || port > 65_535) return undefined
  return { host, port, loopback: /^127\./.test(host) || host === '::1' }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) done()
    else signal.addEventListener('abort', () => done(), { once: true })
  })
}

const surplus: Issue = {
  code: 'usage',
  path: 'command line',
  expected: 'flags only',
  hint: '--help shows the usage',
}
const wrongListen: Issue = {
  code: 'flag',
  path: '-listen',
  expected: 'ADDRESS:PORT such as 127.0.0.1:8200',
}
const remote: Issue = {
  code: 'flag',
  path: '-listen',
  expected: 'a loopback address',
  hint: '-allow-remote lets other machines in, over plain HTTP',
}
const missingAccount: Issue = {
  code: 'usage',
  path: 'command line',
  expected: '-namespace=NAME and -service-account=NAME',
}

function refuse(issues: readonly Issue[], { writeError }: DevDeps): number {
  for (const issue of issues) writeError(`${formatIssue(issue)}\n`)
  return new AppError('usage').exitCode
}

function print(text: string, { write }: DevDeps): number {
  write(text)
  return 0
}
