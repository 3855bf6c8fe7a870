/** Writes the status file after each step, wherever there is a state. */
import { toAppError } from '../../core/errors.ts'
import { errorFields, type Logger } from '../../core/log.ts'
import type { Environment, PreparedProgram } from '../agent-program.ts'
import type { Rest } from '../plan/rest.ts'
import type { AgentState } from '../plan/state.ts'
import {
  formatJsonStatus,
  formatMarkedStatus,
  healthyUntil,
  type Residence,
} from '../status-text.ts'
import { describeStatus } from '../step/describe-status.ts'
import type { Timeline } from '../timeline.ts'
import { type ResidentReason, residentReasons } from './resident-reasons.ts'
import { formatStatusFile, statusPath, writeStatusFile } from './status-file.ts'

export interface StatusWriterPorts {
  readonly environment: Environment
  readonly logger: Logger
  readonly timeline: Timeline
  readonly program: () => PreparedProgram
  readonly state: () => AgentState
}

/** A step may take so long besides the time that a request may take, a start of the process after crashes included. */
const lateMs = 300_000

export class StatusWriter {
  readonly #ports: StatusWriterPorts
  #written: string | undefined

  constructor(ports: StatusWriterPorts) {
    this.#ports = ports
  }

  /** `reason`: why the process stays. What cannot be written is not: `status` answers from the state then. */
  write({ wakeAt, isLast }: Rest, reason: ResidentReason | undefined): void {
    const { environment, logger, program, state, timeline } = this.#ports
    const { config, showSecret } = program()
    if (config.own.statePath === undefined) return
    const agent = describeStatus(config, state(), showSecret)
    const told = { agent, residence: residenceOf(reason, wakeAt) }
    const text = formatStatusFile({
      origin: timeline.anchor.startedAt,
      isReady: agent.ready,
      healthyUntil: healthyUntil(agent),
      overdueAt: isLast ? Number.POSITIVE_INFINITY : wakeAt + lateMs + config.vault.timeoutMs,
      text: formatMarkedStatus(told),
      json: formatJsonStatus(told),
    })
    if (text === this.#written) return
    const path = statusPath(config.own.statePath, environment)
    try {
      writeStatusFile(path, text)
      this.#written = text
    } catch (thrown) {
      const error = toAppError(thrown, 'write_failed', { path })
      logger.debug('status not written', errorFields(error))
    }
  }
}

function residenceOf(reason: ResidentReason | undefined, wakeAt: number): Residence {
  if (reason !== undefined) return { kind: 'stays', reason: residentReasons[reason].text }
  return { kind: 'hibernates', nextAt: Number.isFinite(wakeAt) ? wakeAt : undefined }
}
