/** What the applications of manifests/examples print. */
import { createHash } from 'node:crypto'

/** A line for each variable: its name and the beginning of the digest of `printenv NAME`. */
export function shownBy(variables: Readonly<Record<string, string>>): string {
  const lines = Object.entries(variables).map(([name, value]) => {
    const digest = createHash('sha256').update(`${value}\n`).digest('hex')
    return `${name} sha256:${digest.slice(0, 16)}\n`
  })
  return lines.join('')
}
