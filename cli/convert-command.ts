/** `claviger convert`: settings of vault-k8s as ours. */
import { AppError } from '../core/errors.ts'
import { type FlagTable, formatFlags, type ParsedFlags, parseMixedFlags } from '../core/go-flags.ts'
import type { Parsed } from '../core/issue.ts'
import { describeChoice } from './choice.ts'
import {
  type Conversion,
  type ConvertOptions,
  joinConversions,
  type Remark,
} from './convert/conversion.ts'
import { findCommand } from './convert/find-command.ts'
import { type InjectorCommand, readCommand } from './convert/read-command.ts'
import { readValues } from './convert/read-values.ts'
import { buildValues, type Written, writeFlags, writeValues } from './convert/write.ts'
import { splitDocuments } from './manifests/documents.ts'
import { readSources } from './manifests/sources.ts'
import { createRun, refuseUsage, type Terminal, type Verb } from './terminal.ts'

const writers: ReadonlyMap<string, (conversion: Conversion) => Written> = new Map([
  ['values', writeValues],
  ['flags', writeFlags],
  ['json', writeJson],
])

const flagTable = {
  f: {
    kind: 'text',
    argument: 'PATH',
    help: 'values of vault-helm, or a manifest of the injector; - for standard input',
  },
  output: {
    kind: 'text',
    argument: [...writers.keys()].join('|'),
    help: 'values of charts/claviger, flags of the webhook, or both with what is lost; default values',
  },
  'keep-behaviour': {
    kind: 'boolean',
    help: 'profile vault-k8s: pods stay as they were, with the stock agent’s image and the stock defaults',
  },
  release: {
    kind: 'text',
    argument: 'NAME',
    help: 'release of Vault’s own chart, for the address of its server; default vault',
  },
  namespace: { kind: 'text', argument: 'NAME', help: 'namespace of that release; default vault' },
  strict: { kind: 'boolean', help: 'exit code 65 when something has no counterpart' },
  help: { kind: 'boolean', help: 'print this help' },
} as const satisfies FlagTable

const help = `Usage: claviger convert [flags] PATH
       claviger convert [flags] -- agent-inject [NAME=VALUE ...] [-flag=value ...]

Turns the settings of a vault-k8s injector into ours: the values of vault-helm, or the flags and AGENT_INJECT_* variables in the
manifest of its Deployment or behind --. Standard error lists what has no counterpart, each with the reason.

Examples:
  helm get values vault --namespace vault | claviger convert -f - > values.yaml
  kubectl get deployment vault-agent-injector --namespace vault -o yaml | claviger convert -f -
  claviger convert values.yaml --keep-behaviour
  claviger convert --output=flags -- agent-inject AGENT_INJECT_LOG_LEVEL=debug -vault-address=https://vault.example.com:8200

Flags:
${formatFlags(flagTable)}
`

interface ConvertCommand extends ParsedFlags<typeof flagTable> {
  /** What stands behind `--`. */
  readonly behind: readonly string[] | undefined
}

function parseCommand(words: readonly string[]): Parsed<ConvertCommand> {
  const end = words.indexOf('--')
  const behind = end === -1 ? undefined : words.slice(end + 1)
  const parsed = parseMixedFlags(flagTable, end === -1 ? words : words.slice(0, end), {})
  return parsed.kind === 'ok' ? { kind: 'ok', value: { ...parsed.value, behind } } : parsed
}

const runConvert = async (
  { flags, rest, behind }: ConvertCommand,
  terminal: Terminal,
): Promise<number> => {
  const output = flags.output ?? 'values'
  const write = writers.get(output)
  if (write === undefined) {
    return refuseUsage([describeChoice('-output', output, [...writers.keys()])], terminal)
  }
  const paths = [...(flags.f === undefined ? [] : [flags.f]), ...rest]
  if (paths.length + (behind === undefined ? 0 : 1) !== 1) {
    const expected = 'one PATH, or -- and a command line'
    return refuseUsage([{ code: 'usage', path: 'convert', expected }], terminal)
  }
  const options: ConvertOptions = {
    keepsBehaviour: flags['keep-behaviour'] ?? false,
    release: flags.release ?? 'vault',
    namespace: flags.namespace ?? 'vault',
  }
  const conversion =
    behind === undefined
      ? await readFile(paths, terminal, options)
      : readCommand(readWords(behind), options)
  const { text, remarks } = write(conversion)
  for (const remark of remarks) terminal.writeError(`${formatRemark(remark)}\n`)
  terminal.write(text)
  const lost = remarks.some(({ kind }) => kind === 'lost')
  return flags.strict === true && lost ? new AppError('input_invalid').exitCode : 0
}

export const convertVerb: Verb = {
  run: createRun({ help, parse: parseCommand, run: runConvert }),
  flags: flagTable,
  takesFiles: true,
}

/** A manifest that starts the injector, else values. */
async function readFile(
  paths: readonly string[],
  { input }: Terminal,
  options: ConvertOptions,
): Promise<Conversion> {
  const [source] = await readSources(paths, input)
  const documents = splitDocuments(source?.text ?? '').flatMap(({ reading }) =>
    reading.kind === 'manifest' ? [reading.value] : [],
  )
  for (const document of documents) {
    const found = findCommand(document)
    if (found !== undefined) {
      return joinConversions([readCommand(found.command, options), ...found.unread])
    }
  }
  const values = documents.length === 1 ? readValues(documents[0], options) : undefined
  if (values !== undefined) return values
  throw new AppError('input_invalid', {
    path: source?.path ?? '',
    expected:
      'values of vault-helm, or a manifest with a container that is started with agent-inject',
  })
}

/** `NAME=VALUE` sets a variable, as it does before a command in a shell. */
function readWords(words: readonly string[]): InjectorCommand {
  const isVariable = (word: string) => /^[A-Z_][A-Z\d_]*=/.test(word)
  const args = words.filter((word) => !isVariable(word))
  const at = args.indexOf('agent-inject')
  return {
    args: args.slice(at + 1),
    variables: words.filter(isVariable).map((word): [string, string] => {
      const equals = word.indexOf('=')
      return [word.slice(0, equals), word.slice(equals + 1)]
    }),
  }
}

function writeJson(conversion: Conversion): Written {
  const { values, remarks } = buildValues(conversion)
  const flags = writeFlags(conversion).text.trimEnd().split('\n')
  return { text: `${JSON.stringify({ values, flags, remarks }, null, 2)}\n`, remarks: [] }
}

function formatRemark({ kind, from, reason }: Remark): string {
  return kind === 'lost' ? `not converted: ${from}: ${reason}` : `assumed: ${from}: ${reason}`
}
