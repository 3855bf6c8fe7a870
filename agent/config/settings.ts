/** What a command line and an environment say beside the configuration file, in the order in which they beat it. */
import type { AgentFlags } from '../flags.ts'
import type { Fields } from './fields.ts'
import { parseFlag, parseMilliseconds, parseWhole } from './scalars.ts'

export type Environment = Readonly<Record<string, string | undefined>>

type TextFlag = {
  readonly [Name in keyof AgentFlags]-?: AgentFlags[Name] extends string | undefined ? Name : never
}[keyof AgentFlags]

/** A text from outside the file; `place` is the flag or variable that holds it. */
export interface Setting {
  readonly text: string
  readonly place: string
}

export class Settings {
  readonly flags: AgentFlags
  readonly environment: Environment

  constructor(flags: AgentFlags, environment: Environment) {
    this.flags = flags
    this.environment = environment
  }

  /** `BAO_<suffix>`, else `VAULT_<suffix>`, also where it is set and empty. */
  variable(suffix: string): Setting | undefined {
    for (const place of [`BAO_${suffix}`, `VAULT_${suffix}`]) {
      const text = this.environment[place]
      if (text !== undefined) return { text, place }
    }
    return undefined
  }

  /** The flag, else the variable: also where it is given and empty, which takes back what the file says. */
  text(flag: TextFlag, suffix?: string): Setting | undefined {
    const text = this.flags[flag]
    if (text !== undefined) return { text, place: `-${flag}` }
    return suffix === undefined ? undefined : this.variable(suffix)
  }

  /** As `text`, for what cannot be empty: an empty flag or variable is none. */
  filledText(flag: TextFlag, suffix: string): Setting | undefined {
    const given = this.flags[flag]
    if (given) return { text: given, place: `-${flag}` }
    const variable = this.variable(suffix)
    return variable?.text ? variable : undefined
  }
}

/** Readers of settings; what they refuse is reported under the flag's or variable's name. */
export const settingReaders = {
  /** The empty text is false. */
  flag: reader('true or false', parseFlag),
  whole: reader('a whole number', parseWhole),
  /** Milliseconds of a duration or a number of seconds. */
  duration: reader('a duration such as "60s"', parseMilliseconds),
}

function reader<T>(expected: string, parse: (text: string) => T | undefined) {
  return (setting: Setting | undefined, root: Fields): T | undefined => {
    if (setting === undefined) return undefined
    const { text, place } = setting
    const value = parse(text)
    if (value === undefined) root.report(place, expected, { got: text.slice(0, 20) })
    return value
  }
}
