/** Runs the writer under strace, which can end it or let a call fail. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { paths, repository } from '../../settings.ts'

/** In one file, because the writer is started a thousand times: modules of TypeScript take three times as long to load. */
const script = bundleWriter()

function bundleWriter(): string {
  const bundle = join(paths.cache, 'writer.cjs')
  const source = join(import.meta.dirname, 'writer.ts')
  const words = [source, '--bundle', '--platform=node', '--format=cjs', '--log-level=warning']
  execFileSync(join(repository, 'node_modules/.bin/esbuild'), [...words, `--outfile=${bundle}`])
  return bundle
}

/** What a writer does with files; anything else of Node's differs from run to run. */
const calls = [
  'open',
  'openat',
  'read',
  'write',
  'pwrite64',
  'fsync',
  'close',
  'rename',
  'unlink',
  'link',
  'symlink',
  'readlink',
  'mkdir',
  'rmdir',
  'fchmod',
  'fchown',
  'fstat',
  'statx',
  'getdents64',
  'access',
]

/** The call number `index`, from 1, of that name after the start of the write. */
export interface Call {
  readonly name: string
  readonly index: number
}

export interface TracedRun {
  /** 0: the write went well; 1: it failed; undefined: it was killed. */
  readonly code: number | undefined
  readonly calls: readonly Call[]
}

export interface Place {
  readonly scenario: string
  readonly folder: string
}

export interface Run extends Place {
  /** As strace's `inject`, `signal=KILL` or `error=EIO`. */
  readonly fault?: { readonly call: Call; readonly effect: string }
}

export async function runWriter({ fault, ...place }: Run): Promise<TracedRun> {
  const logs = mkdtempSync(join(tmpdir(), 'claviger-trace-'))
  const log = join(logs, 'trace')
  try {
    const writer = startWriter(place)
    const ended = once(writer, 'exit')
    // One that was killed before it read the word to begin.
    writer.stdin.on('error', () => undefined)
    await once(writer.stdout, 'data')
    const injection =
      fault === undefined
        ? []
        : ['-e', `inject=${fault.call.name}:${fault.effect}:when=${fault.call.index}`]
    const words = ['-p', String(writer.pid), '-o', log, '-e', `trace=${calls.join()}`, ...injection]
    const tracer = spawn('strace', words, { stdio: ['ignore', 'ignore', 'pipe'] })
    const traced = once(tracer, 'exit')
    await once(tracer.stderr, 'data')
    writer.stdin.end('x')
    const [code] = await ended
    await traced
    return { code: code ?? undefined, calls: parseTrace(readFileSync(log, 'utf8')) }
  } finally {
    rmSync(logs, { recursive: true })
  }
}

/** The exit code. */
export async function runUntraced(place: Place): Promise<number> {
  const writer = startWriter(place)
  writer.stdin.end('x')
  const [code] = await once(writer, 'exit')
  return code
}

function startWriter({ scenario, folder }: Place) {
  return spawn(process.execPath, [script, scenario, folder], { stdio: ['pipe', 'pipe', 'ignore'] })
}

/** Those between the word to start and the end of the write. */
function parseTrace(text: string): readonly Call[] {
  const lines = text.split('\n').map((line) => /^(\w+)\(/.exec(line)?.[1])
  const end = text.split('\n').findIndex((line) => line.includes('/end-of-write'))
  const counts = new Map<string, number>()
  return lines.slice(0, end < 0 ? lines.length : end).flatMap((name) => {
    if (name === undefined) return []
    const index = (counts.get(name) ?? 0) + 1
    counts.set(name, index)
    return [{ name, index }]
  })
}
