/** Libraries that come from a Debian package, as components of a CycloneDX document. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type Component, spellLicense } from './bundle-components.ts'

/** Of the Debian packages that hold these libraries, from their copyright files. */
const licenses: ReadonlyMap<string, string> = new Map([
  ['libc6', 'LGPL-2.1-or-later'],
  ['libc6-dev', 'LGPL-2.1-or-later'],
  ['libgcc-s1', 'GPL-3.0-or-later WITH GCC-exception-3.1'],
  ['libstdc++6', 'GPL-3.0-or-later WITH GCC-exception-3.1'],
])

export function describeLibrary(path: string): Component {
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
    ...hashFile(path),
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

export function hashFile(path: string): Pick<Component, 'hashes'> {
  const content = createHash('sha256').update(readFileSync(path)).digest('hex')
  return { hashes: [{ alg: 'SHA-256', content }] }
}
