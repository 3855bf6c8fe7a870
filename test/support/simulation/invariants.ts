/** Checks a recorded day; each finding names the rule and the moment. */
import type { DayPlan } from './day-plan.ts'
import type { Entry } from './history.ts'
import { Replay } from './replay.ts'
import type { Invariant, Rule } from './rule.ts'
import { rareCommands, surelyCommands } from './rules/commands.ts'
import { documentedExits, finalReadiness, honestReadiness, silentLogs } from './rules/ending.ts'
import { coherentFiles, confinedWrites, filledSinks, keptFiles, wholeFiles } from './rules/files.ts'
import { freshFiles } from './rules/freshness.ts'
import {
  fewLeases,
  fewLogins,
  liveCredentials,
  rememberedLeases,
  revokedTokens,
  trueBeliefs,
} from './rules/leases.ts'
import { honouredRetryAfter, lowRate, restfulness, unhurriedRenewals } from './rules/requests.ts'
import { apartStores, rememberedCredentials, restingStores, singleReads } from './rules/stores.ts'
import { hour } from './timetable.ts'

export const invariants: readonly Invariant[] = [
  wholeFiles,
  coherentFiles,
  keptFiles,
  confinedWrites,
  filledSinks,
  fewLeases,
  fewLogins,
  liveCredentials,
  rememberedLeases,
  revokedTokens,
  lowRate,
  restfulness,
  honouredRetryAfter,
  unhurriedRenewals,
  silentLogs,
  freshFiles,
  rareCommands,
  surelyCommands,
  trueBeliefs,
  documentedExits,
  honestReadiness,
  finalReadiness,
  apartStores,
  singleReads,
  rememberedCredentials,
  restingStores,
]

export interface Finding {
  readonly rule: string
  /** Hours since the beginning of the day. */
  readonly hours: number
  readonly detail: string
}

export function checkHistory(plan: DayPlan, entries: readonly Entry[]): readonly Finding[] {
  const replay = new Replay(plan)
  const checks = createChecks()
  const start = entries[0]?.at ?? 0
  const findings: Finding[] = []
  for (const entry of entries) {
    replay.now = entry.at
    for (const { rule, check } of checks.get(entry.kind) ?? []) {
      for (const detail of check(replay, entry)) {
        findings.push({ rule, hours: (entry.at - start) / hour, detail })
      }
    }
    replay.fold(entry)
  }
  return findings
}

interface Check {
  readonly rule: string
  readonly check: Rule
}

/** By what they want to be told of. */
function createChecks(): ReadonlyMap<Entry['kind'], readonly Check[]> {
  const checks = new Map<Entry['kind'], Check[]>()
  for (const { name: rule, kinds, create } of invariants) {
    const check = create()
    for (const kind of kinds) checks.set(kind, [...(checks.get(kind) ?? []), { rule, check }])
  }
  return checks
}
