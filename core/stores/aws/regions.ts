/** Which region of several is asked. */
import { AppError } from '../../errors.ts'

export interface Regions {
  /** What `ask` gives in the first region that answers: `home`, by default the store's own, then those with replicas. */
  readonly ask: <Answer>(home: string | undefined, ask: AskRegion<Answer>) => Promise<Answer>
}

/** `isHome` is false for a replica's region, which need not have what is asked for. */
export type AskRegion<Answer> = (region: string, isHome: boolean) => Promise<Answer>

export interface RegionOptions {
  readonly region: string
  readonly replicaRegions: readonly string[]
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** A region that did not answer is asked last for so long: to wait for it takes long. */
const restMs = 60_000

/** What the home region refuses is refused: only when it does not answer or has failed, others are asked. The error is that of the home region. */
export function createRegions({ region, replicaRegions, now }: RegionOptions): Regions {
  const failedAt = new Map<string, number>()
  const isResting = (each: string) => now() - (failedAt.get(each) ?? Number.NaN) < restMs
  return {
    ask: async (home = region, ask) => {
      const all = [...new Set([home, ...replicaRegions])]
      const order = [...all.filter((each) => !isResting(each)), ...all.filter(isResting)]
      let failure: unknown
      for (const each of order) {
        try {
          const answer = await ask(each, each === home)
          failedAt.delete(each)
          return answer
        } catch (thrown) {
          const isOver = !hasFailed(thrown)
          if (!isOver) failedAt.set(each, now())
          if (each === home) failure = thrown
          if (each === home && isOver) break
        }
      }
      throw failure
    },
  }
}

function hasFailed(thrown: unknown): boolean {
  if (!(thrown instanceof AppError) || thrown.facts['cause'] === 'ABORT_ERR') return false
  const { code, facts } = thrown
  return code === 'store_unreachable' || (code === 'store_busy' && Number(facts['status']) >= 500)
}
