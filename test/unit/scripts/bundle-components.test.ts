import { describe, expect, test } from '@jest/globals'
import { listComponents } from '../../../scripts/images/bundle-components.ts'

const metafile = (...paths: readonly string[]) => ({
  outputs: { 'dist/x.cjs': { inputs: Object.fromEntries(paths.map((path) => [path, {}])) } },
})
const lockfile = {
  packages: {
    'node_modules/a': { version: '1.0.0', license: 'MIT', integrity: 'sha512-AAEC' },
    'node_modules/@b/c': { version: '2.0.0', license: '(MIT OR Apache-2.0)' },
    'node_modules/@b/c/node_modules/a': { version: '3.0.0', license: 'ISC' },
    'node_modules/d/node_modules/a': { version: '1.0.0', license: 'MIT' },
    'node_modules/unused': { version: '1.0.0', license: 'MIT' },
    'node_modules/odd': { version: '1.0.0' },
  },
}

describe('the components of a bundle', () => {
  test('are the packages that it holds, each version once', () => {
    const paths = [
      'core/x.ts',
      'stubs/axios/index.cjs',
      'node_modules/a/index.js',
      '../elsewhere/node_modules/a/lib/b.js',
      'node_modules/@b/c/index.js',
      'node_modules/@b/c/node_modules/a/index.js',
      'node_modules/d/node_modules/a/index.js',
    ]
    expect(listComponents(metafile(...paths), lockfile).map(({ purl }) => purl)).toEqual([
      'pkg:npm/%40b/c@2.0.0',
      'pkg:npm/a@1.0.0',
      'pkg:npm/a@3.0.0',
    ])
  })

  test('have licence and hash as the format wants them', () => {
    const [c, a] = listComponents(
      metafile('node_modules/a/i.js', 'node_modules/@b/c/i.js'),
      lockfile,
    )
    expect(c?.licenses).toEqual([{ expression: '(MIT OR Apache-2.0)' }])
    expect(a).toMatchObject({
      type: 'library',
      name: 'a',
      licenses: [{ license: { id: 'MIT' } }],
      hashes: [{ alg: 'SHA-512', content: '000102' }],
    })
  })

  test.each(['node_modules/odd/i.js', 'node_modules/absent/i.js'])('%s is an error', (path) => {
    expect(() => listComponents(metafile(path), lockfile)).toThrow(
      'does not say version and license',
    )
  })
})
