/** Reads typed values out of arguments and environment and collects every problem on the way. */
import type { Issue } from '../../core/issue.ts'
import type { ValueKind } from '../inject/kinds/value-kinds.ts'
import { type Environment, type Found, findValue, splitArguments } from './arguments.ts'
import { type Flag, spellFlag } from './flag.ts'

export interface FlagSource {
  /** What follows the subcommand. */
  readonly args: readonly string[]
  readonly env: Environment
  /** Those that the subcommand has. */
  readonly rows: readonly Flag<unknown>[]
  /** Of the profile, where the subcommand may be in the stock one. */
  readonly profile?: Flag<unknown>
}

export class FlagReader {
  readonly issues: Issue[] = []
  /** Whether the profile is the stock one: values, defaults and arguments are read as vault-k8s reads them. */
  readonly isStock: boolean
  readonly #given: ReadonlyMap<string, string>
  readonly #env: Environment

  constructor({ args, env, rows, profile }: FlagSource) {
    const first = splitArguments(args, { rows, endsAtStray: true })
    const found = profile && findValue(profile, { given: first.given, env }, undefined)
    this.isStock = found?.text === 'vault-k8s'
    const { given, issues } = this.isStock
      ? first
      : splitArguments(args, { rows, endsAtStray: false })
    this.issues.push(...issues)
    this.#given = given
    this.#env = env
  }

  /** The typed value; `substitute` where there is none or a wrong one, which is an issue. */
  read<T>(row: Flag<T>, substitute: T): T {
    const { path, text } = this.find(row)
    if (text === undefined) {
      this.issues.push({ code: 'flag_missing', path, expected: this.#kindOf(row).expected })
      return substitute
    }
    const kind = this.#kindOf(row)
    const value = kind.parse(text)
    if (value === undefined) this.issues.push(describeWrongValue(kind, path, text))
    return value ?? substitute
  }

  /** Where the value stands and as what, unchecked. */
  find(row: Flag<unknown>): Found {
    const standard = (this.isStock ? row.stock.default : undefined) ?? row.default
    const found = findValue(row, { given: this.#given, env: this.#env }, standard)
    const isDefault = this.isStock && row.stock.emptyIsDefault === true && found.text === ''
    return isDefault ? { ...found, text: standard } : found
  }

  /** Tells that a value does not fit the others. */
  refuse(row: Flag<unknown>, expected: string): void {
    this.issues.push({ code: 'flag', path: this.find(row).path, expected })
  }

  /** Tells that something is missing that other settings ask for. */
  miss(row: Flag<unknown>, expected: string): void {
    this.issues.push({ code: 'flag_missing', path: spellFlag(row), expected })
  }

  #kindOf<T>(row: Flag<T>): ValueKind<T> {
    return (this.isStock ? row.stock.kind : undefined) ?? row.kind
  }
}

function describeWrongValue(kind: ValueKind<unknown>, path: string, value: string): Issue {
  const meant = kind.suggest?.(value)
  return {
    code: 'flag',
    path,
    expected: kind.expected,
    ...(kind.shown ? { got: value.slice(0, 40) } : {}),
    ...(meant === undefined ? {} : { hint: `write ${JSON.stringify(meant)}` }),
  }
}
