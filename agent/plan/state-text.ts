/** The state as JSON text and back. */
import {
  type JsonObject,
  JsonSyntaxError,
  type JsonValue,
  parseJson,
  stringifyJson,
} from '../../core/json.ts'
import { Secret } from '../../core/secret.ts'
import type { Mount } from '../../core/stores/vault/mounts.ts'
import { secretRequestKey } from '../../core/template/secret-request.ts'
import { formatAnswer, parseAnswer } from './answer-text.ts'
import {
  asArray,
  asErrorCode,
  asNumber,
  asObject,
  asText,
  mapValues,
  number,
  object,
  optional,
  optionalTexts,
  optionalTime,
  parseOptionalTexts,
  parseOptionalTime,
  WrongShape,
} from './json-shape.ts'
import { formatRequest, parseRequest, requestKinds } from './request-text.ts'
import type {
  AgentState,
  Failure,
  HeldChange,
  HeldSecret,
  PendingCommand,
  SecretFailure,
  Session,
  StoreState,
} from './state.ts'

/** Raised whenever an older agent could misread the text. */
const version = '3'

export function formatState(state: AgentState): string {
  const { timeline, session, loginFailure } = state
  return stringifyJson(
    object({
      version,
      timeline:
        timeline === undefined
          ? null
          : object({ boot: timeline.boot, started_at: number(timeline.startedAt) }),
      session: session === undefined ? null : formatSession(session),
      login_failure: loginFailure === undefined ? null : formatFailure(loginFailure),
      credentials: mapValues(state.credentials, (secret) => secret.reveal()),
      mounts: mapValues(state.mounts, ({ version: kv, askedAt }) =>
        object({ version: number(kv), asked_at: number(askedAt) }),
      ),
      secrets: Array.from(state.secrets.values(), formatHeld),
      stores: mapValues(state.stores, formatStore),
      failures: mapValues(state.failures, formatSecretFailure),
      files: state.files,
      effects: state.effects,
      sinks: state.sinks,
      sink_failures: mapValues(state.sinkFailures, formatFailure),
      stale: [...state.stale],
      changes: mapValues(state.changes, formatChange),
      commands: mapValues(state.commands, formatCommand),
      was_complete: state.wasComplete,
    }),
  )
}

/** Undefined for anything that `formatState` of this version did not write. */
export function parseState(text: string): AgentState | undefined {
  try {
    const root = asObject(parseJson(text))
    if (root.get('version') !== version) return undefined
    const map = <T>(key: string, parse: (value: JsonValue) => T) =>
      mapValues(asObject(root.get(key)), parse)
    const secrets = asArray(root.get('secrets')).map((held) => parseHeld(asObject(held)))
    return {
      timeline: optional(root.get('timeline'), (anchor) => ({
        boot: asText(anchor.get('boot')),
        startedAt: asNumber(anchor.get('started_at')),
      })),
      session: optional(root.get('session'), parseSession),
      loginFailure: optional(root.get('login_failure'), parseFailure),
      credentials: map('credentials', (value) => new Secret(asText(value))),
      mounts: map('mounts', (value) => parseMount(asObject(value))),
      secrets: new Map(secrets.map((held) => [secretRequestKey(held.request), held])),
      stores: map('stores', (value) => parseStore(asObject(value))),
      failures: map('failures', (value) => parseSecretFailure(asObject(value))),
      files: map('files', asText),
      effects: map('effects', asText),
      sinks: map('sinks', asText),
      sinkFailures: map('sink_failures', (value) => parseFailure(asObject(value))),
      stale: new Set(asArray(root.get('stale')).map(asText)),
      changes: map('changes', (value) => parseChange(asObject(value))),
      commands: map('commands', (value) => parseCommand(asObject(value))),
      wasComplete: root.get('was_complete') === true,
    }
  } catch (thrown) {
    if (thrown instanceof JsonSyntaxError || thrown instanceof WrongShape) return undefined
    throw thrown
  }
}

function formatSession(session: Session): JsonValue {
  return object({
    identity: session.identity,
    token: session.token.reveal(),
    wrapped: session.isWrapped,
    renewable: session.renewable,
    opened_at: number(session.openedAt),
    expires_at: optionalTime(session.expiresAt),
    due_at: optionalTime(session.dueAt),
    checked_at: optionalTime(session.checkedAt),
    fingerprint: session.fingerprint ?? null,
  })
}

function parseSession(session: JsonObject): Session {
  const fingerprint = session.get('fingerprint')
  return {
    identity: asText(session.get('identity')),
    token: new Secret(asText(session.get('token'))),
    isWrapped: session.get('wrapped') === true,
    renewable: session.get('renewable') === true,
    openedAt: asNumber(session.get('opened_at')),
    expiresAt: parseOptionalTime(session.get('expires_at')),
    dueAt: parseOptionalTime(session.get('due_at')),
    checkedAt: parseOptionalTime(session.get('checked_at')),
    fingerprint: fingerprint === null ? undefined : asText(fingerprint),
  }
}

function formatFailure(failure: Failure): JsonObject {
  return object({
    count: number(failure.count),
    temporary: number(failure.temporary),
    absences: number(failure.absences),
    retry_at: number(failure.retryAt),
    code: failure.code,
  })
}

function formatSecretFailure(failure: SecretFailure): JsonValue {
  const { kind, path, store, version: wanted } = failure
  return new Map([
    ...formatFailure(failure),
    ['kind', kind],
    ['path', path],
    ...optionalTexts({ store, version: wanted }),
  ])
}

function parseSecretFailure(failure: JsonObject): SecretFailure {
  const kind = requestKinds.find((known) => known === failure.get('kind'))
  if (kind === undefined) throw new WrongShape()
  const { store, version: wanted } = parseOptionalTexts(failure, ['store', 'version'])
  return {
    ...parseFailure(failure),
    kind,
    path: asText(failure.get('path')),
    ...(store === undefined ? {} : { store }),
    ...(wanted === undefined ? {} : { version: wanted }),
  }
}

function formatStore({ identity, memory, failure }: StoreState): JsonValue {
  return object({
    identity,
    memory: mapValues(memory, (secret) => secret.reveal()),
    failure: failure === undefined ? null : formatFailure(failure),
  })
}

function parseStore(store: JsonObject): StoreState {
  return {
    identity: asText(store.get('identity')),
    memory: mapValues(asObject(store.get('memory')), (value) => new Secret(asText(value))),
    failure: optional(store.get('failure'), parseFailure),
  }
}

function parseFailure(failure: JsonObject): Failure {
  return {
    count: asNumber(failure.get('count')),
    temporary: asNumber(failure.get('temporary')),
    absences: asNumber(failure.get('absences')),
    retryAt: asNumber(failure.get('retry_at')),
    code: asErrorCode(failure.get('code')),
  }
}

function formatHeld(held: HeldSecret): JsonValue {
  const { request, answer, due } = held
  return object({
    request: formatRequest(request),
    answer: formatAnswer(answer),
    read_at: number(held.readAt),
    expires_at: optionalTime(held.expiresAt),
    due: object({ kind: due.kind, at: number(due.at) }),
    replace_at: optionalTime(held.replaceAt),
  })
}

function parseHeld(held: JsonObject): HeldSecret {
  const due = asObject(held.get('due'))
  return {
    request: parseRequest(asObject(held.get('request'))),
    answer: parseAnswer(asObject(held.get('answer'))),
    readAt: asNumber(held.get('read_at')),
    expiresAt: parseOptionalTime(held.get('expires_at')),
    due: { kind: due.get('kind') === 'renew' ? 'renew' : 'read', at: asNumber(due.get('at')) },
    replaceAt: parseOptionalTime(held.get('replace_at')),
  }
}

function formatChange({ hash, firstAt, lastAt }: HeldChange): JsonValue {
  return object({ hash, first_at: number(firstAt), last_at: number(lastAt) })
}

function parseChange(change: JsonObject): HeldChange {
  return {
    hash: asText(change.get('hash')),
    firstAt: asNumber(change.get('first_at')),
    lastAt: asNumber(change.get('last_at')),
  }
}

function formatCommand({ kind, hash, failure }: PendingCommand): JsonValue {
  return object({ kind, hash, failure: failure === undefined ? null : formatFailure(failure) })
}

function parseCommand(command: JsonObject): PendingCommand {
  return {
    kind: command.get('kind') === 'intended' ? 'intended' : 'due',
    hash: asText(command.get('hash')),
    failure: optional(command.get('failure'), parseFailure),
  }
}

function parseMount(mount: JsonObject): Mount {
  const version = asNumber(mount.get('version')) === 2 ? 2 : 1
  return { version, askedAt: asNumber(mount.get('asked_at')) }
}
