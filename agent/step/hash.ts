/** What tells one content from another in the state. */
import { createHash } from 'node:crypto'

/** Hexadecimal. */
export function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex')
}
