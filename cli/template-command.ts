/** `claviger template`: templates given as JSON lines, and the reference of their functions. */
import { AppError } from '../core/errors.ts'
import { type FlagTable, type FlagValues, formatFlags, parseFlags } from '../core/go-flags.ts'
import type { Parsed } from '../core/issue.ts'
import { createLocalSource } from '../core/machine/local-source.ts'
import { systemRandomness } from '../core/machine/system-randomness.ts'
import { Secret } from '../core/secret.ts'
import { createVaultStore } from '../core/stores/vault/vault.ts'
import { policyPresets } from '../core/template/policy.ts'
import type { SecretAnswer } from '../core/template/secret-request.ts'
import { describeRequest } from '../core/tracing/secret-attributes.ts'
import { createVaultClient } from '../core/vault/client.ts'
import { createTransport } from '../core/vault/transport.ts'
import { liveFlags } from './stores/flags.ts'
import { type LiveStores, prepareLiveStores } from './stores/live-stores.ts'
import { runTemplates, type SecretReader } from './template.ts'
import { formatFunctions } from './template-functions.ts'
import { type RunVerb, refuseUsage, type Terminal } from './terminal.ts'
import { namesNothing } from './traces.ts'

export const templateFlags = {
  jsonl: {
    kind: 'boolean',
    help: 'read one {"id","template"} a line, answer one {"id","output_b64"} or {"id","error"} a line',
  },
  policy: {
    kind: 'text',
    help: 'what templates may reach besides the store: "stock" as in Vault Agent (default), or "restricted"',
  },
  ...liveFlags,
  help: { kind: 'boolean', help: 'print this help' },
} as const satisfies FlagTable

const help = `Usage: claviger template run --jsonl < LINES
       claviger template functions [NAME]

\`functions\` prints the signature of every function, or of one with its example and origin. \`run\` renders templates with the store
at VAULT_ADDR and the token in VAULT_TOKEN (VAULT_NAMESPACE, VAULT_CACERT_BYTES are honoured). With -stores, CLAVIGER_STORES or -store templates
may name these stores, and every type by its own name; without them a path is Vault's, colons and all.

Flags:
${formatFlags(templateFlags)}
`

export const runTemplate: RunVerb = async (words, terminal) => {
  const [verb = '--help', ...others] = words
  const parsed = parseFlags(templateFlags, verb === 'run' ? others : words, terminal.variables)
  if (parsed.kind === 'issues') return refuseUsage(parsed.issues, terminal)
  if (parsed.value.flags.help === true) {
    terminal.write(help)
    return 0
  }
  if (verb === 'functions' && others.length <= 1) {
    terminal.write(formatFunctions(others[0]))
    return 0
  }
  if (verb !== 'run' || parsed.value.flags.jsonl !== true) {
    return refuseUsage(
      [{ code: 'usage', path: 'template', expected: 'run --jsonl, or functions [NAME]' }],
      terminal,
    )
  }
  const { policy: preset = 'stock' } = parsed.value.flags
  const policy = [...policyPresets].find(([name]) => name === preset)?.[1]
  if (policy === undefined) {
    const expected = [...policyPresets.keys()].join(' or ')
    return refuseUsage([{ code: 'usage', path: '-policy', expected }], terminal)
  }
  const source = openSource(parsed.value.flags, terminal)
  if (source.kind === 'issues') return refuseUsage(source.issues, terminal)
  try {
    await runTemplates({
      policy,
      machine: createLocalSource(pathOf(terminal)),
      random: systemRandomness,
      lines: splitLines(terminal.input),
      write: (line) => terminal.write(`${line}\n`),
      store: source.value,
      stores: source.value.stores,
      now: terminal.clock.now,
    })
    return 0
  } finally {
    await source.value.close?.()
  }
}

/** Without stores that are named here every path is Vault's, as a stock agent reads it. */
function openSource(
  flags: FlagValues<typeof templateFlags>,
  terminal: Terminal,
): Parsed<SecretReader & Partial<LiveStores>> {
  const vault = connectStore(terminal)
  if (flags.stores === undefined && flags.store === undefined) return { kind: 'ok', value: vault }
  const live = prepareLiveStores(flags, vault, terminal)
  return live.kind === 'issues' ? live : { kind: 'ok', value: live.value([]) }
}

/** All that programs get of the environment. */
function pathOf({ variables }: Terminal): Readonly<Record<string, string>> {
  const path = variables['PATH']
  return path === undefined ? {} : { PATH: path }
}

/** Nothing is asked of the store before a template asks for a secret, so variables are missed only then. */
export function connectStore({
  variables,
  clock,
  tracer,
}: Pick<Terminal, 'variables' | 'clock' | 'tracer'>): SecretReader {
  const address = variables['VAULT_ADDR']
  const token = variables['VAULT_TOKEN']
  if (address === undefined || token === undefined) {
    return {
      read: () =>
        Promise.reject(
          new AppError('config_invalid', { reason: 'VAULT_ADDR and VAULT_TOKEN must be set' }),
        ),
    }
  }
  const namespace = variables['VAULT_NAMESPACE']
  const ca = variables['VAULT_CACERT_BYTES']
  const client = createVaultClient({
    address,
    transport: createTransport({
      tls: ca === undefined ? {} : { ca },
      skipVerify: false,
      timeoutMs: 60_000,
    }),
    ...(namespace === undefined ? {} : { namespace }),
  })
  const store = createVaultStore(client, clock.now)
  const reader: SecretReader = { read: (request) => store.read(request, new Secret(token)) }
  if (tracer === undefined) return reader
  return {
    read: (request) =>
      tracer.run<SecretAnswer>(describeRequest(request, namesNothing), () => reader.read(request)),
  }
}

/** At line feeds alone: other separators may stand inside of JSON strings. */
async function* splitLines(input: AsyncIterable<string>): AsyncIterable<string> {
  let rest = ''
  for await (const chunk of input) {
    const lines = `${rest}${chunk}`.split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') yield rest
}
