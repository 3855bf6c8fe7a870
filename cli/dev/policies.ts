/** The named policies of the store. */
import { Refusal } from './exchange.ts'
import { jsonObject, textMember } from './json.ts'
import { defaultPolicy, wrappingPolicy } from './policy.ts'
import { parsePolicy, type Rule } from './policy-text.ts'
import type { Settings } from './settings-file.ts'

export interface Policies {
  /** Undefined when there is none of that name. */
  readonly get: (name: string) => string | undefined
  /** Names, sorted. */
  readonly list: () => readonly string[]
  /** Throws a 400 `Refusal`. */
  readonly set: (name: string, text: string) => void
  readonly remove: (name: string) => void
  /** The rules of all policies named; root has no need of any. */
  readonly rulesOf: (names: readonly string[]) => readonly Rule[] | 'everything'
}

const prefix = 'sys/policies/acl/'

const builtIn = new Map([
  ['default', defaultPolicy],
  ['response-wrapping', wrappingPolicy],
])

export function openPolicies(settings: Settings): Policies {
  const get = (name: string) => {
    const stored = settings.get(`${prefix}${name.toLowerCase()}`)
    if (stored !== undefined) return textMember(stored, 'policy')
    return builtIn.get(name)
  }
  return {
    get,
    list: () => Array.from(new Set(['default', 'root', ...settings.list(prefix)])).sort(),
    set: (name, text) => {
      if (name === 'root') throw new Refusal(400, 'cannot update "root" policy')
      parsePolicy(text)
      settings.set(`${prefix}${name.toLowerCase()}`, jsonObject({ policy: text }))
    },
    remove: (name) => settings.remove(`${prefix}${name.toLowerCase()}`),
    rulesOf: (names) => {
      if (names.includes('root')) return 'everything'
      return names.flatMap((name) => {
        const text = get(name)
        return text === undefined ? [] : parsePolicy(text)
      })
    },
  }
}
