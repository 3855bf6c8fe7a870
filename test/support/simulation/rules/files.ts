/** I1 to I5: what files hold, how they change together, and where and how they are written. */
import { type FilePlan, paths } from '../day-plan.ts'
import { type Replay, readParts } from '../replay.ts'
import { type Invariant, nothing } from '../rule.ts'
import { sinkMode } from '../simulated-config.ts'

/** I1 and I3: a whole rendering of what the store gave out, never a part, an error or nothing. */
export const wholeFiles: Invariant = {
  name: 'I1 whole files',
  kinds: ['value', 'lease granted', 'written'],
  create: () => {
    const given = new Set<string>()
    return (replay, entry) => {
      if (entry.kind === 'value' && entry.value !== undefined) given.add(entry.value)
      if (entry.kind === 'lease granted') given.add(entry.user)
      if (entry.kind !== 'written') return nothing
      const { path, text } = entry
      if (replay.plan.sinks.some((sink) => sink.path === path)) {
        const token = text.replace('wrapped ', '')
        return replay.tokens.has(token) ? nothing : [`the sink ${path} got ${text}`]
      }
      const file = replay.files.find(({ destination }) => destination === path)
      const parts = readParts(text)
      const names = parts === undefined ? '' : [...parts.keys()].join(' ')
      const isWhole = file === undefined || names === file.parts.join(' ')
      const isGiven = parts !== undefined && [...parts.values()].every((value) => given.has(value))
      return isWhole && isGiven ? nothing : [`${path} got ${text}`]
    }
  },
}

/** I2: files that are made of the same secrets are the same once a step's files are written. */
export const coherentFiles: Invariant = {
  name: 'I2 coherent files',
  kinds: ['applied', 'program'],
  create: () => {
    let isOld = false
    return (replay, entry) => {
      if (entry.kind === 'program') isOld = true
      if (entry.kind !== 'applied') return nothing
      // The first step that ends after a change of the program may have begun before it.
      const wasOld = isOld
      isOld = false
      return wasOld || entry.failed.length > 0 ? nothing : judgeCoherence(replay)
    }
  },
}

function judgeCoherence({ files, texts }: Replay): readonly string[] {
  const shown = new Map<string, string | undefined>()
  const wrong: string[] = []
  for (const { destination, parts, wait, staleness } of files) {
    if (wait !== undefined || staleness !== undefined) continue
    const key = parts.join(' ')
    const text = texts.get(destination)
    if (shown.has(key) && shown.get(key) !== text) {
      wrong.push(`${destination} has ${text}, another has ${shown.get(key)}`)
    }
    shown.set(key, text)
  }
  return wrong
}

/** I3: the agent removes a file only where it was told to, and then only when its secrets are that old. */
export const keptFiles: Invariant = {
  name: 'I3 kept files',
  kinds: ['removed'],
  create: () => (replay, entry) => {
    if (entry.kind !== 'removed') return nothing
    const file = replay.files.find(({ destination }) => destination === entry.path)
    if (file?.staleness?.action !== 'remove') return [`${entry.path} was removed`]
    return isStale(replay, file) ? nothing : [`${entry.path} was removed too early`]
  },
}

function isStale({ state, now }: Replay, { parts, staleness }: FilePlan): boolean {
  const maxMs = staleness?.maxMs ?? Number.POSITIVE_INFINITY
  const own = new Set(parts.map((part) => paths[part]))
  return [...state.secrets.values()].some(
    ({ request, readAt, expiresAt = Number.POSITIVE_INFINITY }) =>
      own.has(request.path) && now >= Math.min(readAt + maxMs, expiresAt),
  )
}

/** I4 and I5: nothing is written but what is configured, with the mode that is configured. */
export const confinedWrites: Invariant = {
  name: 'I4, I5 confined writes',
  kinds: ['written'],
  create: () => (replay, entry) => {
    if (entry.kind !== 'written') return nothing
    const { path, mode } = entry
    const isSink = replay.plan.sinks.some((sink) => sink.path === path)
    const file = replay.files.find(({ destination }) => destination === path)
    if (!isSink && file === undefined) return [`${path} was written`]
    const wanted = isSink ? sinkMode : file?.mode
    return mode === wanted ? nothing : [`${path} was written with mode ${mode}`]
  },
}

/** The sinks hold the token that the agent goes on with, once a step's files are written; where other stores would wait for it, once it is wrapped. */
export const filledSinks: Invariant = {
  name: 'I3 filled sinks',
  kinds: ['process started', 'request', 'answer', 'meddled', 'written', 'applied'],
  create: () => {
    const wrapping = new Set<string>()
    /** What was wrapped is made once: a file that somebody else spoils stays so. */
    const spoiled = new Set<string>()
    return (replay, entry) => {
      if (entry.kind === 'process started') wrapping.clear()
      if (entry.kind === 'request' && entry.what === 'wrap token') wrapping.add(entry.subject)
      if (entry.kind === 'answer' && entry.what === 'wrap token') wrapping.delete(entry.subject)
      if (entry.kind === 'meddled') spoiled.add(entry.path)
      if (entry.kind === 'written') spoiled.delete(entry.path)
      if (entry.kind !== 'applied' || entry.failed.length > 0) return nothing
      const { session, sinkFailures } = replay.state
      if (session === undefined) return nothing
      return replay.plan.sinks.flatMap(({ path, isWrapped }) => {
        if (sinkFailures.has(path) || (isWrapped && spoiled.has(path))) return []
        if (replay.plan.cloud !== undefined && wrapping.has(path)) return []
        const token = replay.texts.get(path)?.replace('wrapped ', '')
        return token === session.token.reveal() ? [] : [`the sink ${path} has ${token}`]
      })
    }
  },
}
