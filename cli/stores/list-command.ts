/** `claviger list`: the names of secrets. */
import { type FlagTable, formatFlags } from '../../core/go-flags.ts'
import type { Issue, Parsed } from '../../core/issue.ts'
import { escapeControls } from '../../core/log.ts'
import type { ListEntry, Listing, ListQuery } from '../../core/stores/store.ts'
import type { Terminal } from '../terminal.ts'
import { requireOperation } from './capability.ts'
import { referenceWords, storeFlags } from './flags.ts'
import type { OpenStores } from './open-stores.ts'
import { nameSecret, readPrefix } from './reference.ts'
import { createStoreVerb, type GivenCommand, helpFlag } from './store-verb.ts'
import { issuesOf, listOutputs, outputFlags, readCount, readOutput, readTags } from './words.ts'

const usualLimit = 1000

const ownFlags = {
  glob: {
    kind: 'text',
    argument: 'GLOB',
    help: 'names that match as a whole, * for any text; of what begins with PREFIX',
  },
  tag: {
    kind: 'list',
    argument: 'KEY=VALUE',
    help: 'secrets with this tag or label; all of them where it is repeated',
  },
  limit: { kind: 'text', argument: 'NUMBER', help: `names at most; default ${usualLimit}` },
  ...outputFlags,
} as const satisfies FlagTable

const help = `Usage: claviger list [flags] [STORE:][PREFIX]

Lists the names of secrets as references, one a line. No value is read. -output=json tells tags and when each was changed too, where
the store says it without being asked for each secret. Where there are more than the limit standard error says so.

Examples:
  claviger list aws:prod/
  claviger list k8s: -tag app=shop
  claviger list gcp: -glob='*-password' -o json

Flags:
${formatFlags({ ...ownFlags, ...storeFlags, ...helpFlag })}
`

interface Command {
  readonly store: string
  readonly query: ListQuery
  readonly output: (typeof listOutputs)[number]
  /** The name of a store that was taken for a prefix. */
  readonly meantStore: string | undefined
}

function parse({ flags, words, known }: GivenCommand<typeof ownFlags>): Parsed<Command> {
  const [first = '', ...others] = words
  const place = readPrefix(first, known)
  const tags = readTags(flags.tag)
  const limit = readCount('-limit', flags.limit ?? String(usualLimit))
  const output = readOutput(flags, listOutputs)
  const issues: Issue[] = [...issuesOf(place, tags, limit, output)]
  if (others.length > 0) issues.push({ code: 'usage', path: 'list', expected: 'one prefix' })
  if (
    place.kind === 'issues' ||
    tags.kind === 'issues' ||
    limit.kind === 'issues' ||
    output.kind === 'issues' ||
    issues.length > 0
  ) {
    return { kind: 'issues', issues }
  }
  const { store, prefix } = place.value
  const query = {
    limit: limit.value,
    ...(prefix === '' ? {} : { prefix }),
    ...(flags.glob === undefined ? {} : { glob: flags.glob }),
    ...(tags.value.size === 0 ? {} : { tags: tags.value }),
  }
  const meantStore = known.settings.has(first) ? first : undefined
  return { kind: 'ok', value: { store, query, output: output.value, meantStore } }
}

const runList = async (
  { store, query, output, meantStore }: Command,
  terminal: Terminal,
  stores: OpenStores,
): Promise<number> => {
  const list = requireOperation(await stores.open(store), 'list')
  const listing = await list(query, terminal.stop)
  terminal.write(output === 'json' ? formatJson(store, listing) : formatText(store, listing))
  const count = listing.entries.length
  if (listing.isCapped) {
    const advice = '-limit, -glob or a longer prefix shows others'
    terminal.writeError(`claviger: there are more than these ${count}; ${advice}\n`)
  } else if (count === 0 && meantStore !== undefined) {
    terminal.writeError(
      `claviger: nothing in ${store} begins with ${meantStore}; did you mean ${meantStore}:?\n`,
    )
  }
  return 0
}

function formatText(store: string, { entries }: Listing): string {
  return entries.map(({ path }) => `${escapeControls(nameSecret(store, path))}\n`).join('')
}

/** Times are RFC 3339; fields may be added. */
function formatJson(store: string, { entries, isCapped }: Listing): string {
  const secrets = entries.map(({ path, changedAt, tags }: ListEntry) => ({
    reference: nameSecret(store, path),
    path,
    changedAt: changedAt === undefined ? null : new Date(changedAt).toISOString(),
    tags: tags === undefined ? null : Object.fromEntries(tags),
  }))
  return `${JSON.stringify({ store, isCapped, secrets }, null, 2)}\n`
}

export const listVerb = createStoreVerb({
  help,
  flags: ownFlags,
  words: referenceWords,
  parse,
  run: runList,
})
