/** What `inject`, `validate` and `render` are given alike: manifests, kinds, a namespace and the webhook's own flags. */
import { AppError } from '../core/errors.ts'
import { type FlagTable, type FlagValues, formatFlags, parseMixedFlags } from '../core/go-flags.ts'
import type { Issue, Parsed } from '../core/issue.ts'
import type { InspectOptions } from './manifests/inspect.ts'
import { parsePodKind, podKinds } from './manifests/pod-kinds.ts'
import { type ManifestSource, readSources } from './manifests/sources.ts'
import type { Terminal } from './terminal.ts'
import { podFlags, readPodDefaults } from './webhook-flags.ts'

export const manifestFlags = {
  f: {
    kind: 'list',
    argument: 'PATH',
    help: 'file or directory of YAML or JSON manifests, - for standard input; may be repeated',
  },
  kind: {
    kind: 'list',
    argument: 'GROUP/KIND=PATH',
    help: 'a further kind that makes pods, and where it keeps their template; may be repeated',
  },
  namespace: {
    kind: 'text',
    argument: 'NAME',
    help: 'namespace of objects that name none; default default',
  },
} as const satisfies FlagTable

export interface ManifestCommand<T extends FlagTable> {
  readonly flags: FlagValues<T> & FlagValues<typeof manifestFlags>
  readonly paths: readonly string[]
  readonly options: InspectOptions
}

/** The end of a verb's help; `own` are its further flags. */
export const formatManifestFlags = (own: FlagTable): string => `Flags:
${formatFlags({ ...manifestFlags, ...own })}

Flags of the webhook, with its variables where a flag is absent:
${formatFlags(podFlags)}
`

/** Bare words are paths too. `own` are the verb's further flags. */
export function parseManifestCommand<T extends FlagTable>(
  own: T,
  words: readonly string[],
  { variables }: Pick<Terminal, 'variables'>,
): Parsed<ManifestCommand<T>> {
  const parsed = parseMixedFlags({ ...podFlags, ...manifestFlags, ...own }, words, {})
  if (parsed.kind === 'issues') return parsed
  const { rest } = parsed.value
  // The rows of `own` and of manifests were in the table that was read by.
  const flags = parsed.value.flags as FlagValues<T> & FlagValues<typeof manifestFlags>
  const kinds = (flags.kind ?? []).map(parsePodKind)
  const given = Object.entries(parsed.value.flags).flatMap(([name, value]): [string, string][] =>
    Object.hasOwn(podFlags, name) && value !== undefined ? [[name, String(value)]] : [],
  )
  const defaults = readPodDefaults(new Map(given), variables)
  const issues: readonly Issue[] = [...kinds, defaults].flatMap((part) =>
    part.kind === 'issues' ? part.issues : [],
  )
  if (defaults.kind === 'issues' || issues.length > 0) return { kind: 'issues', issues }
  const more = kinds.flatMap((part) => (part.kind === 'ok' ? [part.value] : []))
  const options: InspectOptions = {
    defaults: defaults.value,
    kinds: [...more, ...podKinds],
    namespace: flags.namespace ?? 'default',
  }
  return { kind: 'ok', value: { flags, paths: [...(flags.f ?? []), ...rest], options } }
}

/** Without paths what comes on standard input is read, unless that is a person. Throws `usage`, `input_invalid`. */
export async function readManifests(
  paths: readonly string[],
  { input, inputIsTerminal }: Pick<Terminal, 'input' | 'inputIsTerminal'>,
): Promise<readonly ManifestSource[]> {
  if (paths.length === 0 && inputIsTerminal) {
    throw new AppError('usage', { expected: '-f PATH, or manifests on standard input' })
  }
  return readSources(paths.length === 0 ? ['-'] : paths, input)
}
