/** The files that Node needs to run on nothing else: itself and the libraries that the loader maps, with what they are. */
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Component, spellLicense } from './bundle-components.ts'
import { describeLibrary, hashFile } from './debian-libraries.ts'

/** Copies this process's program, stripped, and its libraries below `root`; each library is one component. */
export function copyNode(root: string): readonly Component[] {
  const program = process.execPath
  const target = place('/usr/local/bin/node', root)
  // Symbols and debug information are for people with a debugger; they are a tenth of the image.
  execFileSync('strip', ['--strip-all', '-o', target, program])
  const libraries = listLibraries(program).map((path) => {
    copyFileSync(path, place(path, root))
    return describeLibrary(path)
  })
  return [describeNode(target), ...libraries]
}

/** The same path below `root`. */
function place(path: string, root: string): string {
  const target = join(root, path)
  mkdirSync(dirname(target), { recursive: true })
  return target
}

/** In the loader's own words. Source: ld.so(8), LD_TRACE_LOADED_OBJECTS. */
function listLibraries(program: string): readonly string[] {
  const env = { LD_TRACE_LOADED_OBJECTS: '1' }
  const listed = execFileSync(program, { env, encoding: 'utf8' })
  return [...listed.matchAll(/(\/\S+) \(0x/g)].map(([, path = '']) => path).sort()
}

function describeNode(path: string): Component {
  const version = process.version.slice(1)
  const purl = `pkg:generic/node@${version}?arch=${process.arch}`
  return {
    type: 'framework',
    'bom-ref': purl,
    name: 'node',
    version,
    purl,
    licenses: [spellLicense('MIT')],
    ...hashFile(path),
    // OpenSSL, ICU and so on are linked into it.
    properties: Object.entries(process.versions)
      .map(([name, value = '']) => ({ name: `claviger:node:${name}`, value }))
      .filter(({ value }) => value !== '' && value !== version)
      .sort((left, right) => (left.name < right.name ? -1 : 1)),
  }
}
