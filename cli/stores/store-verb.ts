/** What every verb that uses stores begins and ends with. */
import { AppError } from '../../core/errors.ts'
import { type FlagTable, type FlagValues, parseMixedFlags } from '../../core/go-flags.ts'
import type { Parsed } from '../../core/issue.ts'
import { createRun, type Terminal, type Verb } from '../terminal.ts'
import { adviseOn } from './advice.ts'
import { storeFlags } from './flags.ts'
import { type KnownStores, readKnownStores } from './known-stores.ts'
import { createOpenStores, type OpenStores } from './open-stores.ts'
import { nameRead } from './reference.ts'

export const helpFlag = {
  help: { kind: 'boolean', help: 'print this help' },
} as const satisfies FlagTable

type AllFlags<T extends FlagTable> = FlagValues<T> &
  FlagValues<typeof storeFlags> &
  FlagValues<typeof helpFlag>

/** A command line as its verb sees it. */
export interface GivenCommand<T extends FlagTable> {
  readonly flags: AllFlags<T>
  /** What is no flag. */
  readonly words: readonly string[]
  readonly known: KnownStores
  /** Whether standard input is a person's keyboard. */
  readonly inputIsTerminal: boolean
}

export interface StoreVerb<T extends FlagTable, C> {
  readonly help: string
  /** Besides those of stores. */
  readonly flags: T
  readonly words?: readonly string[]
  readonly parse: (given: GivenCommand<T>) => Parsed<C>
  readonly run: (command: C, terminal: Terminal, stores: OpenStores) => Promise<number>
}

/** Stores are closed whatever becomes of the verb. */
export function createStoreVerb<T extends FlagTable, C>({
  help,
  flags: own,
  words: first,
  parse,
  run,
}: StoreVerb<T, C>): Verb {
  const table = { ...own, ...storeFlags, ...helpFlag }
  return {
    run: createRun<Command<C>>({
      help,
      parse: (words, terminal) => {
        const parsed = parseMixedFlags(table, words, terminal.variables)
        if (parsed.kind === 'issues') return parsed
        // The rows of all three were in the table that was read by.
        const flags = parsed.value.flags as AllFlags<T>
        if (flags.help === true) return { kind: 'ok', value: { flags: { help: true } } }
        const known = readKnownStores(flags, terminal)
        if (known.kind === 'issues') return known
        const { inputIsTerminal } = terminal
        const given = { flags, words: parsed.value.rest, known: known.value, inputIsTerminal }
        const command = parse(given)
        if (command.kind === 'issues') return command
        const task = { known: known.value, command: command.value }
        return { kind: 'ok', value: { flags: {}, task } }
      },
      run: async ({ task }, terminal) => {
        if (task === undefined) return 0
        const stores = createOpenStores(task.known, terminal, nameRead)
        try {
          return await run(task.command, terminal, stores)
        } catch (thrown) {
          if (!(thrown instanceof AppError)) throw thrown
          reportFailure(thrown, terminal, stores)
          return thrown.exitCode
        } finally {
          await stores.close()
        }
      },
    }),
    flags: table,
    ...(first === undefined ? {} : { words: first }),
  }
}

/** The error, and what to look at first. */
export function reportFailure(error: AppError, terminal: Terminal, stores: OpenStores): void {
  terminal.writeError(`claviger: ${error.message}\n`)
  const settings = stores.settingsOf(String(error.facts['store'] ?? ''))
  const advice = settings === undefined ? undefined : adviseOn(error, settings, terminal.variables)
  if (advice !== undefined) terminal.writeError(`claviger: ${advice}\n`)
}

interface Command<C> {
  readonly flags: { readonly help?: boolean }
  /** Undefined for help. */
  readonly task?: { readonly known: KnownStores; readonly command: C }
}
