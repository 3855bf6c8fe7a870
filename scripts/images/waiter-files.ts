/** The waiter of the agent's images, and what is linked into it. */
import { execFileSync } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { compileWaiter } from '../waiter-program.ts'
import { type Component, spellLicense } from './bundle-components.ts'
import { describeLibrary, hashFile } from './debian-libraries.ts'

const compiler = 'gcc'

/** Writes /claviger/waiter below `root`. */
export function makeWaiter(root: string, version: string): readonly Component[] {
  const target = join(root, 'claviger/waiter')
  compileWaiter({ compiler, target })
  const found = execFileSync(compiler, ['-print-file-name=libc.a'], { encoding: 'utf8' })
  return [describeWaiter(target, version), describeLibrary(realpathSync(found.trim()))]
}

function describeWaiter(path: string, version: string): Component {
  const purl = `pkg:generic/claviger-waiter@${version}?arch=${process.arch}`
  return {
    type: 'application',
    'bom-ref': purl,
    name: 'claviger-waiter',
    version,
    purl,
    licenses: [spellLicense('Apache-2.0')],
    ...hashFile(path),
  }
}
