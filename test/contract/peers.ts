/** The peers that test files register, found in their text: no file is run for it. */
import { globSync, readFileSync } from 'node:fs'
import { isStoreTypeName, storeTypeNames } from '../../core/stores/settings/store-types.ts'

export interface RegisteredPeer {
  readonly title: string
  /** Relative to the working directory, which is the repository's. */
  readonly file: string
}

/** In the order of the types' table, then by their titles. */
export function findPeers(): readonly RegisteredPeer[] {
  const files = globSync('test/{integration,e2e}/**/*.test.ts', {
    exclude: (name) => String(name).endsWith('.cache'),
  })
  const rank = ({ title }: RegisteredPeer) => {
    const [type = ''] = title.split(' ')
    return isStoreTypeName(type) ? storeTypeNames.indexOf(type) : storeTypeNames.length
  }
  return files
    .flatMap((file) => {
      const found = readFileSync(file, 'utf8').matchAll(/describeStoreContract\(\s*'([^']+)'/g)
      return Array.from(found, ([, title = '']) => ({ title, file }))
    })
    .toSorted((left, right) => rank(left) - rank(right) || left.title.localeCompare(right.title))
}

/** Whether the suite with a cluster runs it, and the command of this folder cannot. */
export function needsCluster({ file }: RegisteredPeer): boolean {
  return file.startsWith('test/e2e/') && !file.startsWith('test/e2e/apart/')
}
