/** Links between the pages lead somewhere. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from '@jest/globals'
import { listAnchors, listLinks } from './support/markdown.ts'

const pages = globSync(['*.md', 'docs/**/*.md'])

/** Undefined for a link that leads somewhere. */
function findBroken(page: string, link: string): string | undefined {
  const [file = '', anchor] = link.split('#')
  const target = file === '' ? page : join(dirname(page), file)
  if (!existsSync(target)) return link
  if (anchor === undefined) return undefined
  return listAnchors(readFileSync(target, 'utf8')).includes(anchor) ? undefined : link
}

test.each(pages)('%s', (page) => {
  const links = listLinks(readFileSync(page, 'utf8'))
  expect(links.filter((link) => findBroken(page, link) !== undefined)).toEqual([])
})
