/** The packages that a bundle holds, as components of a CycloneDX document. */

export interface Component {
  readonly type: 'application' | 'framework' | 'library'
  readonly 'bom-ref': string
  readonly name: string
  readonly version: string
  readonly purl: string
  readonly licenses: readonly (
    | { readonly license: { readonly id: string } }
    | { readonly expression: string }
  )[]
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[]
  readonly properties?: readonly { readonly name: string; readonly value: string }[]
}

/** What of esbuild's metafile is read. */
export interface Metafile {
  readonly outputs: Readonly<Record<string, { readonly inputs: Readonly<Record<string, unknown>> }>>
}

/** What of package-lock.json is read; the keys are folders. */
export interface Lockfile {
  readonly packages: Readonly<Record<string, LockedPackage>>
}

interface LockedPackage {
  readonly version?: string
  readonly integrity?: string
  readonly license?: string
}

/** Each once, in the order of their names. Throws where the lockfile does not say version and licence. */
export function listComponents({ outputs }: Metafile, lockfile: Lockfile): readonly Component[] {
  const paths = Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs))
  const folders = new Set(paths.flatMap((path) => findFolder(path) ?? []))
  const components = [...folders].map((folder) => describe(folder, lockfile.packages[folder]))
  // The same version may lie in several folders.
  const byRef = new Map(components.map((component) => [component['bom-ref'], component]))
  return [...byRef.keys()].sort().flatMap((ref) => byRef.get(ref) ?? [])
}

/** The package's folder as the lockfile names it; undefined for what is no package. */
function findFolder(path: string): string | undefined {
  const start = path.indexOf('node_modules/')
  if (start === -1) return undefined
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path.slice(start))?.[0]
}

function describe(folder: string, locked: LockedPackage | undefined): Component {
  const name = folder.replace(/^.*node_modules\//, '')
  if (locked?.version === undefined || locked.license === undefined) {
    throw new Error(`package-lock.json does not say version and license of ${folder}`)
  }
  const purl = `pkg:npm/${name.replace('@', '%40')}@${locked.version}`
  return {
    type: 'library',
    'bom-ref': purl,
    name,
    version: locked.version,
    purl,
    licenses: [spellLicense(locked.license)],
    ...spellIntegrity(locked.integrity),
  }
}

export function spellLicense(license: string): Component['licenses'][number] {
  return /^[\w.+-]+$/.test(license) ? { license: { id: license } } : { expression: license }
}

/** Source: Subresource Integrity; CycloneDX writes hashes in hexadecimal. */
function spellIntegrity(integrity = ''): Pick<Component, 'hashes'> {
  const [, base64 = ''] = /^sha512-(.+)$/.exec(integrity) ?? []
  if (base64 === '') return {}
  return { hashes: [{ alg: 'SHA-512', content: Buffer.from(base64, 'base64').toString('hex') }] }
}
