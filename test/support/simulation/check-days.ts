/** Runs days by their seeds and says what is wrong with them. */
import { type DayPlan, planDay } from './day-plan.ts'
import { checkHistory, type Finding } from './invariants.ts'
import { printHistory } from './print-history.ts'
import { type DayOptions, simulateDay } from './simulate-day.ts'

export async function checkDay(plan: DayPlan, options?: DayOptions): Promise<readonly string[]> {
  const findings = checkHistory(plan, await simulateDay(plan, options))
  return findings.map((finding) => describe(plan, finding))
}

/** What of the plans of days is not left to chance. */
export type Changes = Partial<Pick<DayPlan, 'hasState' | 'hibernates'>>

export interface Days {
  /** The first seed. */
  readonly first: number
  readonly count: number
  readonly changes?: Changes
}

/** The findings of all days; one that throws is one. */
export async function checkDays({ first, count, changes }: Days): Promise<readonly string[]> {
  const findings: string[] = []
  for (let seed = first; seed < first + count; seed++) {
    const plan = { ...planDay(seed), ...changes }
    const found = await checkDay(plan).catch((thrown: unknown) => [
      `seed ${seed}: ${String(thrown)}`,
    ])
    findings.push(...found)
  }
  return findings
}

/** The whole day as text, its findings among its entries. */
export async function replayDay(seed: number): Promise<string> {
  const plan = planDay(seed)
  const entries = await simulateDay(plan)
  return printHistory(plan, entries, checkHistory(plan, entries))
}

function describe({ seed }: DayPlan, { rule, hours, detail }: Finding): string {
  return `seed ${seed}: ${rule} at ${hours.toFixed(4)} h: ${detail}`
}
