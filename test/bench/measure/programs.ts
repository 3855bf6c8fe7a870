/** The programs that ours are compared with, built from their Go modules where Go is at hand, once per state of their sources. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { runCommand } from '../../e2e/commands.ts'
import { paths } from '../../e2e/settings.ts'
import { buildGoProgram, goProgram } from '../../e2e/tools/go-programs.ts'

/** Absolute paths; undefined for what is not there. */
export interface Programs {
  readonly vault: string | undefined
  readonly consulTemplate: string | undefined
  /** consul-template's engine alone, test/bench/go/main.go. */
  readonly renderer: string | undefined
  readonly waiter: string | undefined
  /** What is not there, and how to have it. */
  readonly missing: readonly string[]
  /** Names and versions. */
  readonly versions: Readonly<Record<string, string>>
}

const sources = 'test/bench/go'

export async function findPrograms(
  signal: AbortSignal,
  tell: (line: string) => void,
): Promise<Programs> {
  const hasGo = spawnSync('go', ['version']).status === 0
  const missing: string[] = []
  const find = async (name: string, path: string, build: () => Promise<unknown>) => {
    try {
      if (!existsSync(path) && hasGo) {
        tell(`building ${name} from its Go module`)
        await build()
      }
    } catch (thrown) {
      signal.throwIfAborted()
      tell(`${name}: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
    }
    if (existsSync(path)) return resolve(path)
    missing.push(`${name} is not built: install Go, see that it reaches its modules, and run again`)
    return undefined
  }
  const vault = await find('Vault', goProgram('vault'), () => buildGoProgram('vault', signal))
  const findOwn = (name: string, source: string) => {
    const path = ownPath(name)
    return find(name, path, () => buildOwn(path, source, signal))
  }
  const consulTemplate = await findOwn('consul-template', 'github.com/hashicorp/consul-template')
  const renderer = await findOwn('consul-template-engine', '.')
  const waiter = existsSync('dist/waiter') ? resolve('dist/waiter') : undefined
  if (waiter === undefined)
    missing.push('dist/waiter is not built: a hibernating agent is left out')
  const versions = {
    Node: process.version,
    ...versionOf('Vault', vault, 'version'),
    ...versionOf('consul-template', consulTemplate, '-version'),
  }
  return { vault, consulTemplate, renderer, waiter, missing, versions }
}

function ownPath(name: string): string {
  const hash = createHash('sha256')
  for (const file of ['go.mod', 'go.sum', 'main.go']) hash.update(readFileSync(join(sources, file)))
  return join(paths.cache, 'go', `${name}-${hash.digest('hex').slice(0, 12)}`)
}

async function buildOwn(path: string, source: string, signal: AbortSignal): Promise<void> {
  mkdirSync(dirname(path), { recursive: true })
  const flags = ['-trimpath', '-buildvcs=false', '-ldflags', '-s -w']
  const args = ['build', ...flags, '-o', `${path}.partial`, source]
  await runCommand({ program: 'go', args, directory: sources, signal })
  await runCommand({ program: 'mv', args: [`${path}.partial`, path] })
}

function versionOf(name: string, path: string | undefined, word: string) {
  if (path === undefined) return {}
  const { stdout, stderr } = spawnSync(path, [word], { encoding: 'utf8' })
  return { [name]: /v?(\d+\.\d+\.\d+[^\s,]*)/.exec(`${stdout}${stderr}`)?.[1] ?? 'unknown' }
}
