/** The words after a subcommand, in Go's spelling of flags. */
import type { Issue } from '../../core/issue.ts'
import { type Flag, spellFlag } from './flag.ts'
import { findFlag, suggestFlag } from './flags.ts'

export interface Arguments {
  /** By flag name; the last one counts, as in Go. */
  readonly given: ReadonlyMap<string, string>
  readonly issues: readonly Issue[]
}

/** vault-helm's chart passes a shell redirection as an argument, where it means nothing. */
const strayOfTheChart = '2>&1'

/**
 * One or two dashes, `-name=value` or `-name value`. The first word that is no flag ends them in Go, and so it does where
 * `endsAtStray`; else it is an issue, except for the one that vault-helm's chart has. Source: Go's flag package.
 */
export function splitArguments(
  args: readonly string[],
  { rows, endsAtStray }: { readonly rows: readonly Flag<unknown>[]; readonly endsAtStray: boolean },
): Arguments {
  const given = new Map<string, string>()
  const issues: Issue[] = []
  for (let index = 0; index < args.length; index++) {
    const argument = args[index] ?? ''
    const isFlag = /^-./.test(argument) && argument !== '--'
    if (!isFlag && endsAtStray) break
    if (argument === strayOfTheChart) continue
    const [, name = '', text] = /^--?([^-=][^=]*)(?:=(.*))?$/s.exec(argument) ?? []
    const row = findFlag(name, rows)
    if (row === undefined) {
      const meant = suggestFlag(name, rows)
      issues.push(describeUnknown(name === '' ? argument : `-${name}`, meant))
      continue
    }
    const value = text ?? (row.isSwitch ? 'true' : args[++index])
    if (value === undefined) {
      issues.push({ code: 'flag_missing', path: `-${name}`, expected: 'a value after it' })
    } else {
      given.set(name, value)
    }
  }
  return { given, issues }
}

function describeUnknown(path: string, meant: string | undefined): Issue {
  const hint = meant === undefined ? {} : { hint: `did you mean -${meant}?` }
  return { code: 'flag_unknown', path, expected: 'a flag that --help lists', ...hint }
}

export type Environment = Readonly<Record<string, string | undefined>>

export interface Found {
  /** How a message names the place. */
  readonly path: string
  readonly text: string | undefined
  /** Whether it was given, and is no default. */
  readonly isGiven: boolean
}

/** A variable that is not empty, else the flag, else the default. */
export function findValue(
  row: Flag<unknown>,
  { given, env }: { readonly given: ReadonlyMap<string, string>; readonly env: Environment },
  standard: string | undefined,
): Found {
  const variable = row.variables.find((name) => env[name] !== undefined)
  const value = variable === undefined ? undefined : env[variable]
  if (variable !== undefined && value !== undefined && value !== '') {
    return { path: variable, text: value, isGiven: true }
  }
  const flag = given.get(row.name)
  return { path: spellFlag(row), text: flag ?? standard, isGiven: flag !== undefined }
}
