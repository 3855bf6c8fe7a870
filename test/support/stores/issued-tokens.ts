/** Access tokens that a cloud's fake gave out. */
import { randomBytes } from 'node:crypto'

export interface IssuedTokens {
  /** `audience` is what it is good for. */
  readonly issue: (audience: string, holder: string) => string
  /** Who holds a token; undefined for one that is not good for `audience`, is over, or never was. */
  readonly holderOf: (token: string | undefined, audience: string) => string | undefined
  /** Of all that were issued so far. */
  readonly end: () => void
  readonly count: () => number
}

export function createIssuedTokens(): IssuedTokens {
  const good = new Map<string, { readonly audience: string; readonly holder: string }>()
  let count = 0
  return {
    issue: (audience, holder) => {
      count += 1
      const token = `issued-${randomBytes(12).toString('hex')}`
      good.set(token, { audience, holder })
      return token
    },
    holderOf: (token, audience) => {
      const found = good.get(token ?? '')
      return found?.audience === audience ? found.holder : undefined
    },
    end: () => good.clear(),
    count: () => count,
  }
}
