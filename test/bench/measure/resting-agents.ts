/** Agents that have rendered everything and wait: what they hold, and what waiting costs. */
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Contender } from '../report/contenders.ts'
import type { Usage } from './accounts.ts'
import { type AgentRun, makeSteps, startAgent } from './agent-run.ts'
import type { AgentContender } from './agents.ts'
import { type Bench, nextFolder } from './bench.ts'

export interface Resting {
  readonly contender: Contender
  readonly atRest: Usage
  readonly peak: Usage
  /** Milliseconds of processor time for each second of waiting. */
  readonly idleMs: number
}

/** What hibernates sleeps this often before it is looked at. */
export const stepsBeforeRest = 10

/** `copies` of each at once, started one after the other in turns, then watched for three times the bench's seconds. */
export async function watchResting(bench: Bench, copies: number): Promise<readonly Resting[]> {
  const store = await bench.store()
  const runs: AgentRun[] = []
  for (let copy = 0; copy < copies; copy++) {
    for (const agent of bench.agents) {
      const folder = nextFolder(bench)
      const work = { store, address: store.address, folder, secrets: 1, haste: 1, once: false }
      const run = await startAgent(bench, { agent, work }, { isAccounted: true, watchesPeak: true })
      await makeSteps(run, stepsBeforeRest)
      runs.push(run)
    }
  }
  await sleep(bench.seconds * 1000)
  const used = () => runs.map(({ account, running }) => account.processorMs(running.pid))
  const [before, begun] = [used(), performance.now()]
  await sleep(3 * bench.seconds * 1000)
  const [after, elapsed] = [used(), (performance.now() - begun) / 1000]
  const resting = runs.map(({ agent, account, running, peak }, at) => {
    const atRest = account.usage(running.pid)
    const idleMs = ((after[at] ?? 0) - (before[at] ?? 0)) / elapsed
    return { contender: agent.contender, atRest, peak: peak ?? atRest, idleMs }
  })
  await Promise.all(runs.map((run) => run.stop()))
  return resting
}

/** The first agent of a node: nothing of its files is in memory, so all of them come into its own account. */
export async function watchFirstOfNode(bench: Bench): Promise<ReadonlyMap<Contender, Usage>> {
  const store = await bench.store()
  const found = new Map<Contender, Usage>()
  for (const agent of bench.agents) {
    const folder = nextFolder(bench)
    const copies = join(bench.disk, basename(folder))
    const moved = copyApart(agent, copies)
    const work = { store, address: store.address, folder, secrets: 1, haste: 1, once: false }
    const run = await startAgent(bench, { agent: moved, work }, { isAccounted: true })
    await makeSteps(run, stepsBeforeRest)
    await sleep(1000)
    found.set(agent.contender, run.account.usage(run.running.pid))
    await run.stop()
    rmSync(copies, { recursive: true })
  }
  return found
}

/** Copies of all its files, on the disk and no longer in the page cache. */
function copyApart(agent: AgentContender, folder: string): AgentContender {
  mkdirSync(folder)
  const copies = new Map(agent.files.map((file) => [file, join(folder, basename(file))]))
  for (const [file, copy] of copies) {
    copyFileSync(file, copy)
    spawnSync('sync', [copy])
    spawnSync('dd', [`if=${copy}`, 'iflag=nocache', 'count=0', 'status=none'])
  }
  return { ...agent, words: agent.words.map((word) => copies.get(word) ?? word) }
}
