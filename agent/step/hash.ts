/** What tells one content from another in the state. */
import { hash } from 'node:crypto'

/** Hexadecimal. */
export function sha256(content: Uint8Array | string): string {
  return hash('sha256', content, 'hex')
}
