/** Runs the agent scenarios of test/conformance/agent with the corpus's own runner. */
import { spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const repository = join(import.meta.dirname, '../..')

export interface ScenarioRun {
  /** The command line of the agent, its words apart by single spaces. */
  readonly agent: string
  /** A program that understands `server -dev`. */
  readonly vault: string
  readonly ids: readonly string[]
  /** Scenarios at a time: most of them wait for most of their time. */
  readonly jobs: number
}

export interface ScenarioResults {
  /** Of the scenarios that ran, sorted. */
  readonly passed: readonly string[]
  readonly failed: readonly string[]
  /** What the runner printed: failing scenarios with what was seen. */
  readonly output: string
}

interface Verdict {
  readonly id: string
  readonly passed: boolean
}

/** The shipped agent, started as a pod starts it. */
export const ourAgent = `${process.execPath} ${join(repository, 'dist/agent.cjs')} agent`

/** Rejects when the runner itself fails. */
export async function runScenarios(run: ScenarioRun): Promise<ScenarioResults> {
  const folder = mkdtempSync(join(tmpdir(), 'claviger-scenarios-'))
  try {
    return await runIn(folder, run)
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
  }
}

async function runIn(folder: string, run: ScenarioRun): Promise<ScenarioResults> {
  const names = join(folder, 'names')
  const results = join(folder, 'results.json')
  const output = join(folder, 'output')
  writeFileSync(names, run.ids.join('\n'))
  const words = ['--agent', run.agent, '--vault', run.vault, '--names', names]
  // With --keep the runner removes nothing while its scenarios end; the whole folder is removed here.
  const options = ['--jobs', String(run.jobs), '--json', results, '--keep']
  // Into a file: a pipe would lose what is unread when the runner exits.
  const log = openSync(output, 'w')
  const child = spawn(process.execPath, [runner, ...words, ...options], {
    stdio: ['ignore', log, log],
    env: { ...process.env, TMPDIR: folder },
  })
  const status = await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const text = readFileSync(output, 'utf8')
  // A fault of the runner's own ends with 1, too.
  const hasEnded = (status === 0 || status === 1) && existsSync(results)
  if (!hasEnded) throw new Error(`the runner ended with ${status}:\n${text}`)
  const verdicts: readonly Verdict[] = JSON.parse(readFileSync(results, 'utf8'))
  const idsOf = (passed: boolean) =>
    verdicts.filter((verdict) => verdict.passed === passed).map(({ id }) => id)
  return { passed: idsOf(true), failed: idsOf(false), output: text }
}

const corpus = join(repository, 'test/conformance/agent')
const runner = join(corpus, 'run.mjs')

/** The ids of all scenarios, sorted. */
export function allScenarios(): readonly string[] {
  const files = readdirSync(join(corpus, 'scenarios'), { recursive: true, encoding: 'utf8' })
  return files.flatMap((file) => /^(.+)\.json$/.exec(file)?.[1] ?? []).sort()
}

/** A program under `folder` that starts the development store for the runner. */
export function writeEmbeddedVault(folder: string): string {
  const path = join(folder, 'embedded-vault')
  const program = join(import.meta.dirname, 'embedded-vault.ts')
  writeFileSync(path, `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`)
  chmodSync(path, 0o755)
  return path
}
