/** What every section gets. */
import type { Findings } from '../report/results.ts'
import type { AgentContender } from './agents.ts'
import type { Programs } from './programs.ts'
import type { Scene } from './scene.ts'
import type { BenchStore } from './store.ts'

export interface Bench {
  readonly scene: Scene
  /** A folder in memory, as the volumes of a pod's secrets are, where the machine has that. */
  readonly root: string
  /** A folder on a disk. */
  readonly disk: string
  readonly rounds: number
  readonly seconds: number
  readonly peerInjector: string | undefined
  readonly images: ReadonlyMap<string, string>
  readonly programs: Programs
  readonly agents: readonly AgentContender[]
  /** Opened once. */
  readonly store: () => Promise<BenchStore>
  /** One line of progress. */
  readonly tell: (line: string) => void
}

export interface SectionRow {
  readonly name: string
  readonly title: string
  readonly run: (bench: Bench) => Promise<Findings>
}

/** Counts calls, so that no two agents share a folder. */
let folders = 0

export function nextFolder(bench: Bench): string {
  folders += 1
  return `${bench.root}/agent-${folders}`
}
