/** The files that Node needs to run on nothing else: itself and the libraries that the loader maps, with what they are. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Component, spellLicense } from './bundle-components.ts'

/** Of the Debian packages that hold these libraries, from their copyright files. */
const licenses: ReadonlyMap<string, string> = new Map([
  ['libc6', 'LGPL-2.1-or-later'],
  ['libgcc-s1', 'GPL-3.0-or-later WITH GCC-exception-3.1'],
  ['libstdc++6', 'GPL-3.0-or-later WITH GCC-exception-3.1'],
])

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
    ...hash(path),
    // OpenSSL, ICU and so on are linked into it.
    properties: Object.entries(process.versions)
      .map(([name, value = '']) => ({ name: `claviger:node:${name}`, value }))
      .filter(({ value }) => value !== '' && value !== version)
      .sort((left, right) => (left.name < right.name ? -1 : 1)),
  }
}

function describeLibrary(path: string): Component {
  const [name, version, architecture] = findPackage(path)
  const license = licenses.get(name)
  if (license === undefined) throw new Error(`${path}: the licence of ${name} is not known here`)
  const purl = `pkg:deb/debian/${encodeURIComponent(name)}@${encodeURIComponent(version)}?arch=${architecture}`
  return {
    type: 'library',
    'bom-ref': `${purl}#${path}`,
    name,
    version,
    purl,
    licenses: [spellLicense(license)],
    ...hash(path),
    properties: [{ name: 'claviger:path', value: path }],
  }
}

/** Name, version and architecture of the Debian package; dpkg knows some files by their place before /lib became a link. */
function findPackage(path: string): readonly [string, string, string] {
  for (const known of [path, `/usr${path}`]) {
    const found = ask(['--search', known])
    const [name = ''] = found.split(': ')
    if (name === '') continue
    // dpkg's own placeholders.
    const fields = ['Package', 'Version', 'Architecture'].map((field) => `\${${field}}`).join(' ')
    const shown = ask(['--show', '--showformat', fields, name])
    const [short = '', version = '', architecture = ''] = shown.split(' ')
    return [short, version, architecture]
  }
  throw new Error(`${path} is of no Debian package; NODE_IMAGE must be made of Debian`)
}

function ask(args: readonly string[]): string {
  try {
    return execFileSync('dpkg-query', args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  } catch {
    return ''
  }
}

function hash(path: string): Pick<Component, 'hashes'> {
  const content = createHash('sha256').update(readFileSync(path)).digest('hex')
  return { hashes: [{ alg: 'SHA-256', content }] }
}
