/** I11: commands run after a change at least once, and once only but for a crash. */
import type { FilePlan } from '../day-plan.ts'
import type { Entry } from '../history.ts'
import type { Replay } from '../replay.ts'
import { type Invariant, nothing } from '../rule.ts'

export const rareCommands: Invariant = {
  name: 'I11 one command',
  kinds: ['written', 'saved', 'process started', 'command started', 'command ended'],
  create: () => {
    /** Changes that a command may yet be run for, by its name; files that share one may share a run. */
    const changes = new Map<string, number>()
    const add = (name: string | undefined, count: number) => {
      if (name !== undefined) changes.set(name, Math.max(0, (changes.get(name) ?? 0) + count))
    }
    return ({ files }, entry) => {
      switch (entry.kind) {
        case 'written':
          add(files.find(({ destination }) => destination === entry.path)?.command, 1)
          return nothing
        case 'process started':
          // Whatever was under way may have happened or not.
          for (const name of namesOf(files, entry.state?.commands)) add(name, 1)
          return nothing
        case 'saved': {
          const pending = new Set(namesOf(files, entry.state.commands))
          for (const name of changes.keys()) if (!pending.has(name)) changes.delete(name)
          return nothing
        }
        case 'command started':
          return (changes.get(entry.name) ?? 0) > 0 ? nothing : [`${entry.name} without a change`]
        case 'command ended':
          if (entry.isGood) add(entry.name, -1)
          return nothing
        default:
          return nothing
      }
    }
  },
}

/** The commands that are pending. */
function namesOf(
  files: readonly FilePlan[],
  pending: ReadonlyMap<string, unknown> | undefined,
): readonly string[] {
  return files.flatMap(({ destination, command }) =>
    command !== undefined && pending?.has(destination) === true ? [command] : [],
  )
}

function ownersOf(files: readonly FilePlan[], name: string): readonly string[] {
  return files.filter(({ command }) => command === name).map(({ destination }) => destination)
}

/**
 * Without state a crash between file and command loses the command: nobody remembers the change. Nor does anybody remember
 * that a file that somebody else spoiled was put right, when the process is killed before it has kept that.
 */
export const surelyCommands: Invariant = {
  name: 'I11 some command',
  kinds: [
    'process started',
    'saved',
    'written',
    'commands',
    'command started',
    'command ended',
    'day over',
  ],
  create: () => {
    /** Changes without a command that started later and went well, by file. */
    const open = new Map<string, number>()
    const started = new Map<number, number>()
    /** Files that were put right since the state was last kept. */
    const restored = new Set<string>()
    let failedAt = Number.NEGATIVE_INFINITY
    return (replay, entry) => {
      switch (entry.kind) {
        case 'process started':
          if (entry.state === undefined) open.clear()
          for (const path of restored) open.delete(path)
          restored.clear()
          return nothing
        case 'saved':
          restored.clear()
          return nothing
        case 'written':
          open.set(entry.path, entry.at)
          if (isRestored(replay, entry.path)) restored.add(entry.path)
          return nothing
        case 'commands':
          failedAt = entry.fail ? Number.POSITIVE_INFINITY : entry.at
          return nothing
        case 'command started':
          started.set(entry.run, entry.at)
          return nothing
        case 'command ended':
          if (entry.isGood) settle(open, replay.files, { entry, startedAt: started.get(entry.run) })
          return nothing
        case 'day over':
          return findMissed(replay, open, failedAt)
        default:
          return nothing
      }
    }
  },
}

function isRestored({ meddled, state }: Replay, path: string): boolean {
  return meddled.has(path) && !state.commands.has(path)
}

interface Success {
  readonly entry: Extract<Entry, { kind: 'command ended' }>
  readonly startedAt: number | undefined
}

function settle(open: Map<string, number>, files: readonly FilePlan[], success: Success): void {
  const { entry, startedAt = Number.NEGATIVE_INFINITY } = success
  for (const path of ownersOf(files, entry.name)) {
    if ((open.get(path) ?? Number.POSITIVE_INFINITY) <= startedAt) open.delete(path)
  }
}

function findMissed(
  { files, stopAskedAt = 0, calmAtStop, patienceMs }: Replay,
  open: ReadonlyMap<string, number>,
  failedAt: number,
): readonly string[] {
  return files.flatMap(({ destination, command }) => {
    const changedAt = open.get(destination)
    if (command === undefined || changedAt === undefined) return []
    const settled = Math.max(changedAt, failedAt, calmAtStop) + patienceMs
    return settled > stopAskedAt ? [] : [`${destination} changed and ${command} never ran`]
  })
}
