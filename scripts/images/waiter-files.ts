/** The waiter of the agent's images, and what is linked into it. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, realpathSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { compileWaiter } from '../waiter-program.ts'
import { type Component, spellLicense } from './bundle-components.ts'
import { describeLibrary, hashFile } from './debian-libraries.ts'

const compiler = 'gcc'

/** By which it is called in a container; it lies where programs are looked for. */
const name = 'usr/local/bin/claviger-agent'

/** Writes /claviger/waiter and a link to it below `root`. */
export function makeWaiter(root: string, version: string): readonly Component[] {
  const target = join(root, 'claviger/waiter')
  compileWaiter({ compiler, target })
  mkdirSync(dirname(join(root, name)), { recursive: true })
  symlinkSync('/claviger/waiter', join(root, name))
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
