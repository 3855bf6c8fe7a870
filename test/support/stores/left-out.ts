/** How the contract's results name themselves: written where tests are registered, read where a table is made of them. */

/** What the describe block of a peer begins with; its title follows. */
export const contractHeading = 'store contract: '

/** The title of a test that a peer is left out of, with the reason. */
export function leftOutTitle(name: string, reason: string): string {
  return `${name} [left out: ${reason}]`
}

export interface ReadTitle {
  readonly name: string
  /** Undefined for a test that runs. */
  readonly reason: string | undefined
}

export function readTitle(title: string): ReadTitle {
  const [, name = title, reason] = /^(.*) \[left out: (.*)\]$/.exec(title) ?? []
  return { name, reason }
}
