/** What tests ask of a page of Markdown. */

/** Blocks of code in one language, in order. */
export function listBlocks(page: string, language: string): readonly string[] {
  const found = page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))
  return Array.from(found, ([, text = '']) => text)
}

/** The page without its blocks of code. */
export function dropBlocks(page: string): string {
  return page.replaceAll(/^```[\s\S]*?^```$/gm, '')
}

/** The anchors of its headings, as GitHub makes them. */
export function listAnchors(page: string): readonly string[] {
  const headings = dropBlocks(page).matchAll(/^#+ (.*)$/gm)
  return Array.from(headings, ([, text = '']) =>
    text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  )
}

/** Targets of links to files and headings of this repository. */
export function listLinks(page: string): readonly string[] {
  const found = dropBlocks(page).matchAll(/\]\(([^()\s]+)\)/g)
  return Array.from(found, ([, target = '']) => target).filter((target) => !/^\w+:/.test(target))
}
