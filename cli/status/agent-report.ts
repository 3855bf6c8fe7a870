/** The JSON of `claviger-agent status -json` as a typed value again. */
import type { AgentStatus, FailureStatus, SecretStatus } from '../../agent/plan/status.ts'
import { isErrorCode } from '../../core/errors.ts'
import { isObject, type PlainObject } from '../../core/plain-object.ts'

/** Undefined for what is no such JSON. Unknown fields of later agents are passed over. */
export function parseReport(text: string): AgentStatus | undefined {
  const json = parse(text)
  if (json === undefined) return undefined
  const { ready, session, secrets, files } = json
  return {
    ready: ready === true,
    session: isObject(session)
      ? {
          expiresAt: readTime(session['expires_at']),
          dueAt: readTime(session['due_at']),
          renewable: session['renewable'] === true,
        }
      : undefined,
    loginFailure: readFailure(json['login_failure']),
    secrets: readList(secrets).map(readSecret),
    stores: readList(json['stores']).map((store) => ({
      name: readText(store['name']),
      type: readText(store['type']),
      failure: readFailure(store['failure']),
    })),
    files: readList(files).map((file) => ({
      destination: readText(file['destination']),
      rendered: file['rendered'] === true,
      stale: file['stale'] === true,
      commandPending: file['command_pending'] === true,
    })),
  }
}

function parse(text: string): PlainObject | undefined {
  try {
    const json: unknown = JSON.parse(text)
    return isObject(json) && Array.isArray(json['secrets']) ? json : undefined
  } catch {
    return undefined
  }
}

function readSecret(json: PlainObject): SecretStatus {
  const kind = (['read', 'write', 'list', 'pki'] as const).find((name) => name === json['kind'])
  return {
    path: readText(json['path']),
    kind: kind ?? 'read',
    readAt: readTime(json['read_at']),
    nextAt: readTime(json['next_at']),
    expiresAt: readTime(json['expires_at']),
    failure: readFailure(json['failure']),
  }
}

/** A code of a later agent is told as that of a store that answers something unexpected. */
function readFailure(json: unknown): FailureStatus | undefined {
  if (!isObject(json)) return undefined
  const code = readText(json['code'])
  return {
    code: isErrorCode(code) ? code : 'store_answer_invalid',
    count: typeof json['count'] === 'number' ? json['count'] : 1,
    retryAt: readTime(json['retry_at']) ?? 0,
  }
}

function readTime(value: unknown): number | undefined {
  const at = Date.parse(readText(value))
  return Number.isNaN(at) ? undefined : at
}

function readList(value: unknown): readonly PlainObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

function readText(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
