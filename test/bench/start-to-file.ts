/** Process start → rendered file: ours and the stock agent in turns, the same store and configuration. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, watch, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Summary, summarize } from './statistics.ts'

export interface Contender {
  readonly name: string
  readonly program: string
  /** Followed by `-config=PATH`. */
  readonly words: readonly string[]
}

export interface StartBench {
  readonly folder: string
  readonly store: { readonly address: string; readonly jwtPath: string; readonly role: string }
  readonly rounds: number
}

/** Milliseconds by contender; the first round of each warms up and is left out. */
export async function measureStarts(
  contenders: readonly Contender[],
  bench: StartBench,
): Promise<ReadonlyMap<string, Summary>> {
  const series = new Map(contenders.map(({ name }) => [name, [] as number[]]))
  for (let round = 0; round <= bench.rounds; round++) {
    for (const contender of contenders) {
      const elapsed = await measureStart(contender, bench)
      if (round > 0) series.get(contender.name)?.push(elapsed)
    }
  }
  return new Map(Array.from(series, ([name, values]) => [name, summarize(values)]))
}

async function measureStart({ program, words }: Contender, bench: StartBench): Promise<number> {
  const folder = join(bench.folder, 'run')
  const secrets = join(folder, 'secrets')
  const destination = join(secrets, 'app')
  const config = join(folder, 'config.json')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(secrets, { recursive: true })
  writeFileSync(config, JSON.stringify(configuration(bench, destination)))
  const appeared = waitForFile(secrets, destination)
  const begun = performance.now()
  const child = spawn(program, [...words, `-config=${config}`], { stdio: 'ignore' })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const early = ended.then(() => {
    throw new Error(`${program} ended before it wrote the file`)
  })
  await Promise.race([appeared, early])
  early.catch(() => undefined)
  const elapsed = performance.now() - begun
  child.kill('SIGTERM')
  await ended
  return elapsed
}

function configuration({ store }: StartBench, destination: string) {
  const contents =
    '{{ with secret "secret/data/app" }}export PASSWORD="{{ .Data.data.password }}"\n{{ end }}'
  return {
    vault: { address: store.address },
    auto_auth: {
      // A list of one: Vault Agent's loader does not take an object here.
      method: [
        {
          type: 'jwt',
          mount_path: 'auth/jwt',
          config: { path: store.jwtPath, role: store.role, remove_jwt_after_reading: false },
        },
      ],
    },
    template: [{ destination, contents }],
  }
}

function waitForFile(folder: string, path: string): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(folder, () => {
      if (!existsSync(path)) return
      watcher.close()
      resolve()
    })
  })
}
