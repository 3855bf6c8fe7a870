/** I10: when nothing has been in the way for a while, files show what the store has. */
import { type FilePlan, isOfCloud, type Part, paths } from '../day-plan.ts'
import { type Replay, readParts } from '../replay.ts'
import { type Invariant, nothing } from '../rule.ts'
import { second } from '../timetable.ts'

export const freshFiles: Invariant = {
  name: 'I10 fresh files',
  kinds: ['request', 'stop asked'],
  create: () => {
    const reported = new Set<string>()
    return (replay, entry) => {
      if (replay.stopAskedAt !== undefined) return nothing
      return replay.files.flatMap((file) => {
        const { destination, parts } = file
        const settled = replay.calmSince(parts) + replay.patienceMs + (file.wait?.maxMs ?? 0)
        if (settled > entry.at || replay.meddled.has(destination)) return []
        const wrong = findStale(replay, file, entry.at)
        if (wrong === undefined || reported.has(wrong)) return []
        reported.add(wrong)
        return [wrong]
      })
    }
  },
}

function findStale(
  replay: Replay,
  { destination, parts, wait }: FilePlan,
  at: number,
): string | undefined {
  const text = replay.texts.get(destination)
  const shown = text === undefined ? undefined : readParts(text)
  for (const part of parts) {
    const since = at - replay.patienceMs - (wait?.maxMs ?? 0) - noticeOf(replay, part)
    const wanted = valuesSince(replay, part, since)
    if (wanted === undefined) continue
    const value = shown?.get(part)
    if (value === undefined) return `${destination} is not there`
    if (!wanted.includes(value)) return `${destination} still has ${value}`
  }
  return undefined
}

/** How long a change may go unnoticed: until the secret is read again. */
function noticeOf({ plan }: Replay, part: Part): number {
  if (isOfCloud(part)) return plan.cloud?.refreshMs ?? 0
  return part === 'static' ? 6 * second : plan.staticIntervalMs
}

/** What the secret had at that time or later; undefined where anything may be shown, as after it was deleted. */
function valuesSince({ values }: Replay, part: Part, since: number): readonly string[] | undefined {
  if (part === 'lease' || part === 'other') return undefined
  const all = values.get(paths[part]) ?? []
  const first = all.findLastIndex(({ at }) => at <= since)
  if (first < 0 || all.slice(first).some(({ value }) => value === undefined)) return undefined
  return all.slice(first).flatMap(({ value }) => value ?? [])
}
