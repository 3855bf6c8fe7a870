/** The commands that the documentation tells people to type. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from '../settings.ts'

export interface Block {
  /** `page:line`. */
  readonly place: string
  readonly text: string
  /** Why no test runs it, where it is marked so. */
  readonly exemption: string | undefined
}

const fence = /(?:^<!-- not run: (.*) -->\n+)?^```sh\n([\s\S]*?)^```$/gm

/** The `sh` blocks of a page, in order; a comment directly before one says why it is not run. */
export function readBlocks(page: string): readonly Block[] {
  const text = readFileSync(join(repository, page), 'utf8')
  return Array.from(text.matchAll(fence), ({ index, 1: exemption, 2: block = '' }) => ({
    place: `${page}:${text.slice(0, index).split('\n').length}`,
    text: block,
    exemption,
  }))
}
