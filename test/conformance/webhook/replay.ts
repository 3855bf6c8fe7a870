/** Starts the built webhook for every flag set of the corpus and replays the cases of that set with the corpus' own script. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Processes } from '../../../cli/demo/processes.ts'
import { createCa, createLeaf } from '../../../webhook/tls/x509.ts'

const run = promisify(execFile)
const checker = join(import.meta.dirname, 'check.mjs')

interface FlagSet {
  readonly id: string
  readonly flags: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

export interface Verdict {
  /** `group/name`. */
  readonly id: string
  readonly passed: boolean
  readonly difference?: { readonly path: string; readonly want: unknown; readonly got: unknown }
}

/** As many processes as the machine's two cores keep busy. */
const atOnce = 4

/** Every verdict of the corpus, start-up cases included. */
export async function replayCorpus(): Promise<readonly Verdict[]> {
  const folder = mkdtempSync(join(tmpdir(), 'claviger-admission-'))
  const processes = new Processes()
  try {
    const files = writeCertificate(folder)
    const { stdout } = await run(process.execPath, [checker, '--list-flagsets'])
    const sets = stdout.trim().split('\n')
    const verdicts: Verdict[] = []
    const work = async () => {
      for (let line = sets.pop(); line !== undefined; line = sets.pop()) {
        const set: FlagSet = JSON.parse(line)
        verdicts.push(...(await replay(set, { processes, files, folder })))
      }
    }
    const startup = replayStartup(files, folder)
    await Promise.all(Array.from({ length: atOnce }, work))
    verdicts.push(...(await startup))
    return verdicts.toSorted((left, right) => (left.id < right.id ? -1 : 1))
  } finally {
    await processes.stopAll()
    rmSync(folder, { recursive: true })
  }
}

interface Place {
  readonly processes: Processes
  /** The flags that name certificate and key. */
  readonly files: readonly string[]
  readonly folder: string
}

/** The place's flags stand before the case's; the environment is the case's and nothing else. */
async function replay({ id, flags, env }: FlagSet, place: Place): Promise<readonly Verdict[]> {
  const program = ['dist/webhook.cjs', 'agent-inject', '-profile=vault-k8s', '-listen=127.0.0.1:0']
  const webhook = place.processes.start({
    program: process.execPath,
    words: [...program, ...place.files, ...flags],
    environment: env,
  })
  const line = await webhook.waitFor(/webhook listens/)
  const [, port = ''] = /:(\d+)\b(?!.*:\d)/.exec(line) ?? []
  const report = join(place.folder, `${id}.json`)
  const url = `https://127.0.0.1:${port}`
  const verdicts = await check(report, ['--flagset', id, '--url', url])
  await webhook.stop()
  return verdicts
}

async function replayStartup(
  files: readonly string[],
  folder: string,
): Promise<readonly Verdict[]> {
  const command = [process.execPath, 'dist/webhook.cjs', 'agent-inject', '-profile=vault-k8s']
  const startup = [...command, '-listen=127.0.0.1:0', ...files].join(' ')
  return check(join(folder, 'startup.json'), ['--startup', startup])
}

/** The script's exit status says no more than its report. */
async function check(report: string, words: readonly string[]): Promise<readonly Verdict[]> {
  const command = [checker, ...words, '--messages', 'stage', '--json', report]
  await run(process.execPath, command, { maxBuffer: 2 ** 27, env: {} }).catch(() => undefined)
  return JSON.parse(readFileSync(report, 'utf8')).cases
}

function writeCertificate(folder: string): readonly string[] {
  const validity = { notBefore: Date.now() - 60_000, notAfter: Date.now() + 3_600_000 }
  const leaf = createLeaf(createCa('Corpus CA', validity), ['localhost', '127.0.0.1'], validity)
  const [certFile, keyFile] = [join(folder, 'tls.crt'), join(folder, 'tls.key')]
  writeFileSync(certFile, leaf.cert)
  writeFileSync(keyFile, leaf.key, { mode: 0o600 })
  return [`-tls-cert-file=${certFile}`, `-tls-key-file=${keyFile}`]
}
