/** The status file: what the waiter answers from. Source: docs/waiter.md. */
import { readFileSync } from 'node:fs'
import { replaceFile } from '../../core/atomic-write.ts'

/** All times on the agent's timeline, milliseconds; infinity for never ending. */
export interface StatusFile {
  /** What the timeline read when CLOCK_BOOTTIME read 0. */
  readonly origin: number
  readonly isReady: boolean
  readonly healthyUntil: number
  readonly overdueAt: number
  /** With marks. */
  readonly text: string
  readonly json: string
}

export function formatStatusFile(status: StatusFile): string {
  const { text, json } = status
  return [
    'claviger-status 1',
    `origin ${decimal(status.origin)}`,
    `ready ${status.isReady ? 1 : 0}`,
    `healthy ${decimal(status.healthyUntil)}`,
    `overdue ${decimal(status.overdueAt)}`,
    `${text}\0${json}`,
  ].join('\n')
}

function decimal(ms: number): string {
  return String(Math.min(Math.max(0, Math.round(ms)), Number.MAX_SAFE_INTEGER))
}

const pattern =
  /^claviger-status 1\norigin (\d+)\nready ([01])\nhealthy (\d+)\noverdue (\d+)\n([^\0]*)\0([^\0]*)$/

/** Undefined for what is no such file, or of another version. */
export function parseStatusFile(content: string): StatusFile | undefined {
  const parts = pattern.exec(content)
  if (parts === null) return undefined
  const [, origin, ready, healthy, overdue, text = '', json = ''] = parts
  return {
    origin: Number(origin),
    isReady: ready === '1',
    healthyUntil: Number(healthy),
    overdueAt: Number(overdue),
    text,
    json,
  }
}

/** Undefined where there is none that can be used. */
export function readStatusFile(path: string): StatusFile | undefined {
  try {
    return parseStatusFile(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

/** Whole or not at all; mode 0600. System errors as they are. */
export function writeStatusFile(path: string, text: string): void {
  replaceFile(path, Buffer.from(text), 0o600)
}

const variable = 'CLAVIGER_STATUS_FILE'

type Environment = Readonly<Record<string, string | undefined>>

/** Beside the state, unless the image says where the waiter looks. */
export function statusPath(statePath: string, environment: Environment): string {
  return environment[variable] || `${statePath}.status`
}

/** Where the texts of a configuration are kept; undefined where an agent that does not know its configuration yet could not find them. */
export function textsPath(environment: Environment): string | undefined {
  const path = environment[variable]
  return path ? `${path}.texts` : undefined
}
