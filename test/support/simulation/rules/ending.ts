/** I9, I13 and I14: what is told, when a process ends, and when it says that it is ready. */
import type { Replay } from '../replay.ts'
import { type Invariant, nothing } from '../rule.ts'
import { minute, second } from '../timetable.ts'

/** I9: no secret in a log line. */
export const silentLogs: Invariant = {
  name: 'I9 silent logs',
  kinds: ['told a secret'],
  create: () => (_, entry) => (entry.kind === 'told a secret' ? [entry.where] : nothing),
}

/** How long an agent that is told to stop may take: late answers and the revocation. */
const longestEndMs = 2.5 * second

/** I13: an init container ends well only with every file, a sidecar only when it is told to, and both badly only where they may. */
export const documentedExits: Invariant = {
  name: 'I13 exits',
  kinds: ['command ended', 'day over', 'process ended'],
  create: () => {
    let commandFailedAt = Number.NEGATIVE_INFINITY
    return (replay, entry) => {
      if (entry.kind === 'command ended' && !entry.isGood) commandFailedAt = entry.at
      if (entry.kind === 'day over' && replay.process !== undefined) return ['it never ended']
      if (entry.kind !== 'process ended' || entry.code === undefined) return nothing
      const { stopAskedAt, plan } = replay
      if (stopAskedAt !== undefined) return judgeStop(entry.at - stopAskedAt)
      if (entry.code === 0) return judgeGoodEnd(replay, entry.role)
      const isCommands =
        plan.exitOnRetryFailure && commandFailedAt >= (replay.process?.startedAt ?? 0)
      return isCommands || mayFail(replay, entry.at) ? nothing : [`exit code ${entry.code}`]
    }
  },
}

function judgeStop(ms: number): readonly string[] {
  return ms > longestEndMs ? [`it took ${ms} ms to end`] : nothing
}

function judgeGoodEnd(replay: Replay, role: 'init' | 'sidecar'): readonly string[] {
  const missing = role === 'init' ? missingFiles(replay) : ['a sidecar that ends']
  return missing.map((what) => `exit code 0 with ${what}`)
}

/** Whether something is in the way, or was, and the agent was told to end then. */
function mayFail(replay: Replay, at: number): boolean {
  const { plan, files, patienceMs } = replay
  const isTold =
    plan.exitOnError ||
    plan.exitOnRetryFailure ||
    plan.initDeadlineMs !== undefined ||
    files.some(({ staleness }) => staleness?.action === 'exit')
  return isTold && replay.calmSince(files.flatMap(({ parts }) => parts)) + patienceMs > at
}

/** I14: after a calm while the agent is ready, and waits for nothing that nobody wants any more. */
export const finalReadiness: Invariant = {
  name: 'I14 final readiness',
  kinds: ['stop asked'],
  create: () => (replay, entry) => {
    const { state, files, patienceMs } = replay
    const parts = files.flatMap((file) => file.parts)
    if (replay.calmSince(parts) + patienceMs + minute > entry.at) return nothing
    const wanted = new Set(files.map(({ destination }) => destination))
    const orphans = [...state.commands.keys()].filter((path) => !wanted.has(path))
    const isReady = state.wasComplete || state.commands.size > 0
    return [
      ...orphans.map((path) => `the command of ${path} is pending`),
      ...(isReady ? [] : ['it never became ready']),
    ]
  },
}

/** I14: ready means that every file was there once. */
export const honestReadiness: Invariant = {
  name: 'I14 readiness',
  kinds: ['written', 'meddled', 'saved'],
  create: () => {
    const written = new Set<string>()
    return (replay, entry) => {
      if (entry.kind === 'written') written.add(entry.path)
      if (entry.kind === 'meddled') written.add(entry.path)
      if (entry.kind !== 'saved' || !entry.state.wasComplete || replay.state.wasComplete) {
        return nothing
      }
      return replay.files
        .filter(({ destination, isOptional }) => !isOptional && !written.has(destination))
        .map(({ destination }) => `ready without ${destination}`)
    }
  },
}

function missingFiles({ files, texts, meddled }: Replay): readonly string[] {
  return files
    .filter(({ destination, isOptional }) => {
      return !isOptional && !texts.has(destination) && !meddled.has(destination)
    })
    .map(({ destination }) => `${destination} missing`)
}
