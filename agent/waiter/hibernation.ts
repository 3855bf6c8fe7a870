/** Decides after each step whether the process ends until the next one, and leaves behind what that takes. */
import { mkdirSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { toAppError } from '../../core/errors.ts'
import { errorFields } from '../../core/log.ts'
import { credentialPaths } from '../auth/credential-paths.ts'
import type { ListenersUse } from '../listener/listeners.ts'
import type { Rest, RestDecision } from '../plan/rest.ts'
import { markFiles } from './file-marks.ts'
import { FileWatcher } from './file-watcher.ts'
import { keepTexts } from './kept-texts.ts'
import { formatLastWord } from './last-word.ts'
import { judgeUse, quietAt, quietMsOf } from './listener-quiet.ts'
import {
  type ResidentReason,
  type RestFacts,
  residentReasons,
  whyResident,
} from './resident-reasons.ts'
import { textsPath } from './status-file.ts'
import { StatusWriter, type StatusWriterPorts } from './status-writer.ts'
import type { Texts } from './texts.ts'
import type { WaiterCall } from './waiter-call.ts'

export interface HibernationPorts extends StatusWriterPorts {
  readonly call: WaiterCall | undefined
  /** What the program was made of; `areKept`: as it is kept already. */
  readonly texts: () => { readonly texts: Texts; readonly areKept: boolean }
  readonly use: () => ListenersUse
  /** Of the listeners, as the waiter is to hold them; undefined where it does not hold them all. */
  readonly places: readonly string[] | undefined
  readonly isEnding: () => boolean
  /** Files that count have changed while the process stayed. */
  readonly onChange: (paths: readonly string[]) => void
}

/** What is to be done at the end takes so long besides the grace: what is under way, the revocation, and a slow start of Node. */
const endMs = 2_000 + 3_000

const never = Number.POSITIVE_INFINITY

export class Hibernation {
  readonly #ports: HibernationPorts
  readonly #watcher: FileWatcher
  readonly #status: StatusWriter
  readonly #quietMs: number
  #told: ResidentReason | undefined
  #word: string | undefined
  /** Looked at before the step that asked after them. */
  #credentials: ReadonlyMap<string, string>

  constructor(ports: HibernationPorts) {
    const { call, logger, onChange } = ports
    this.#ports = ports
    this.#status = new StatusWriter(ports)
    this.#watcher = new FileWatcher({ logger, onChange })
    this.#quietMs = quietMsOf(call)
    this.#credentials = this.#markCredentials()
  }

  /** Whether the last step has found that the process is to end until the next. */
  get isPrepared(): boolean {
    return this.#word !== undefined
  }

  settle(rest: Rest): RestDecision {
    const now = this.#ports.timeline.clock.now()
    const marks = this.#watched()
    const reason = whyResident(this.#facts(rest, now)) ?? this.#prepare(rest.wakeAt, marks)
    this.#tell(reason)
    this.#status.write(rest, reason)
    if (reason === undefined) return { kind: 'end' }
    if (!rest.isLast) this.#watcher.watch(marks)
    this.#credentials = this.#markCredentials()
    const isOfListener = reason === 'listener_busy' || reason === 'leases_kept'
    const askAgainAt = isOfListener ? quietAt(this.#ports.use(), this.#quietMs, now) : never
    return { kind: 'stay', askAgainAt }
  }

  /** Asks for the sockets before anything else is done. False: the process stays, and opens them. */
  askForSockets(places: readonly string[]): boolean {
    const rest = { wakeAt: never, isLast: false, hasCommands: false, hasUnwritten: false }
    const facts = this.#facts(rest, this.#ports.timeline.clock.now())
    const reason = whyResident({ ...facts, hasSockets: true })
    if (reason !== undefined) return false
    const { startedAt } = this.#ports.timeline.anchor
    return this.#prepare(startedAt, this.#watched(), places) === undefined
  }

  /** The last thing that the process does. */
  speak(): void {
    const { call } = this.#ports
    if (call !== undefined && this.#word !== undefined) writeSync(call.descriptor, this.#word)
  }

  #facts({ wakeAt, hasCommands, hasUnwritten, isLast }: Rest, now: number): RestFacts {
    const { call, program, timeline, places, use, isEnding } = this.#ports
    return {
      config: program().config,
      hasWaiter: call !== undefined,
      isClockShared: timeline.isBootTime,
      isLast,
      isEnding: isEnding(),
      hasCommands,
      hasUnwritten,
      hasCredentials: program().hasCredentials(),
      listener: judgeUse(use(), this.#quietMs, now),
      hasSockets: places !== undefined,
      isWatching: [...program().stores.values()].some((store) => store.isWatching),
      sleepMs: wakeAt - now,
    }
  }

  /** Keeps the texts and composes the last word; why that cannot be. */
  #prepare(
    wakeAt: number,
    watched: ReadonlyMap<string, string>,
    places = this.#ports.places ?? [],
  ): ResidentReason | undefined {
    const { own, pidFile } = this.#ports.program().config
    const hasEnd = own.revokeOnShutdown || pidFile !== undefined
    const graceMs = own.revokeOnShutdown ? own.revokeGraceMs : 0
    const word = formatLastWord({
      dueAt: wakeAt - this.#ports.timeline.anchor.startedAt,
      endMs: hasEnd ? graceMs + endMs : undefined,
      watched,
      places,
    })
    if (word.kind === 'unspeakable') return word.reason
    if (!this.#keepTexts()) return 'unkept'
    this.#word = word.text
    return undefined
  }

  #keepTexts(): boolean {
    const { environment, logger, texts } = this.#ports
    const { texts: wanted, areKept } = texts()
    if (areKept || wanted.config.length + wanted.templates.size === 0) return true
    const path = textsPath(environment)
    if (path === undefined) return false
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
      keepTexts(path, wanted)
      return true
    } catch (thrown) {
      logger.debug('texts not kept', errorFields(toAppError(thrown, 'write_failed', { path })))
      return false
    }
  }

  #watched(): ReadonlyMap<string, string> {
    const { program, texts } = this.#ports
    const { exitAfterAuth, own } = program().config
    if (exitAfterAuth) return new Map()
    return new Map([...(own.watchFiles ? texts().texts.marks : []), ...this.#credentials])
  }

  #markCredentials(): ReadonlyMap<string, string> {
    return markFiles(credentialPaths(this.#ports.program().config.auth))
  }

  /** Once per change; nothing where there is no waiter to speak of. */
  #tell(reason: ResidentReason | undefined): void {
    const { call, logger } = this.#ports
    if (call === undefined || reason === this.#told) return
    this.#told = reason
    if (reason === undefined) {
      logger.debug('hibernating')
      return
    }
    const { text, isPassing } = residentReasons[reason]
    logger[isPassing ? 'debug' : 'info']('not hibernating', { reason: text })
  }
}
