/** An agent's life in a bench: started in an account of its own, watched until its files are there. */
import { existsSync, rmSync, watch } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { contenders } from '../report/contenders.ts'
import { type Account, childrenOf, openAccount, type Usage } from './accounts.ts'
import { type AgentContender, listDestinations, prepareAgent, type Work } from './agents.ts'
import type { Bench } from './bench.ts'
import type { Running } from './scene.ts'

export interface AgentRun {
  readonly agent: AgentContender
  readonly running: Running
  readonly account: Account
  /** From the start of the process to the last file. */
  readonly renderedMs: number
  /** The most of each that was seen until then and a second longer; undefined where nobody looked. */
  readonly peak: Usage | undefined
  /** Ends it and removes what it left. */
  readonly stop: () => Promise<void>
}

/** Instead of writing all of its files. */
export class AgentEnded extends Error {
  readonly whose: string
  /** The line of its log that says most. */
  readonly reason: string

  constructor({ contender }: AgentContender, output: string) {
    const lines = output.trimEnd().split('\n')
    const reason = lines.find((line) => line.includes('FATAL ERROR')) ?? lines.at(-1) ?? ''
    const whose = contenders[contender].name
    super(`${whose} ended before it wrote its files:\n${output.slice(-1000)}`)
    this.whose = whose
    this.reason = reason.slice(0, 200)
  }
}

export interface StartOptions {
  /** In an account of its own: off where only time counts, since a shell goes before the program. */
  readonly isAccounted: boolean
  readonly watchesPeak?: boolean
}

/** Throws, with the end of its log, when it ends before its files are there; `once` may. */
export async function startAgent(
  { scene }: Pick<Bench, 'scene'>,
  { agent, work }: { readonly agent: AgentContender; readonly work: Work },
  { isAccounted, watchesPeak = false }: StartOptions,
): Promise<AgentRun> {
  const { words, environment } = await prepareAgent(agent, work)
  const account = isAccounted ? openAccount(scene) : undefined
  const destinations = listDestinations(work)
  const appeared = waitForFiles(join(work.folder, 'secrets'), destinations)
  const begun = performance.now()
  const log = join(work.folder, 'log')
  const running = scene.start({ words: account?.enter(words) ?? words, environment, log })
  const peaks = watchesPeak && account !== undefined ? watchPeak(account, running.pid) : undefined
  await Promise.race([appeared.promise, running.ended])
  const renderedMs = performance.now() - begun
  appeared.close()
  if (!destinations.every((path) => existsSync(path))) {
    peaks?.end()
    await running.stop()
    throw new AgentEnded(agent, running.output())
  }
  if (peaks !== undefined) await sleep(1000)
  return {
    agent,
    running,
    account: account ?? unaccounted,
    renderedMs,
    peak: peaks?.end(),
    stop: async () => {
      await running.stop()
      await account?.close()
      rmSync(work.folder, { recursive: true, force: true })
    },
  }
}

const unaccounted: Account = {
  enter: (words) => words,
  usage: () => {
    throw new Error('an agent without an account')
  },
  processorMs: () => Number.NaN,
  close: async () => undefined,
}

function waitForFiles(folder: string, paths: readonly string[]) {
  const watcher = watch(folder)
  let found = 0
  const promise = new Promise<void>((resolve) => {
    const look = () => {
      for (let path = paths[found]; path !== undefined && existsSync(path); path = paths[found]) {
        found += 1
      }
      if (found === paths.length) resolve()
    }
    watcher.on('change', look)
    // Another process may have left them.
    look()
  })
  return { promise, close: () => watcher.close() }
}

/** Every 10 ms. */
function watchPeak(account: Account, pid: number) {
  let peak = account.usage(pid)
  const timer = setInterval(() => {
    const { workingSet, anonymous } = account.usage(pid)
    peak = {
      workingSet: Math.max(peak.workingSet, workingSet),
      anonymous: Math.max(peak.anonymous, anonymous),
    }
  }, 10)
  return {
    end: () => {
      clearInterval(timer)
      return peak
    },
  }
}

/** Ten steps of a hibernating agent, each asked for with SIGHUP; nothing for others, whose process stays. */
export async function makeSteps({ agent, running }: AgentRun, steps: number): Promise<void> {
  if (agent.contender !== 'hibernating') return
  await waitUntilAsleep(running)
  for (let step = 0; step < steps; step++) {
    running.signal('SIGHUP')
    await until(() => childrenOf(running.pid).length > 0, 'the waiter did not start a step')
    await waitUntilAsleep(running)
  }
}

function waitUntilAsleep(running: Running): Promise<void> {
  return until(() => childrenOf(running.pid).length === 0, 'the agent does not hibernate')
}

async function until(holds: () => boolean, problem: string): Promise<void> {
  const deadline = Date.now() + 20_000
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`${problem} for 20 s`)
    await sleep(2)
  }
}
