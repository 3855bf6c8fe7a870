/** What every stage of one step shares, and what each hands to the next. */
import { AppError, type ErrorCode, toAppError } from '../../core/errors.ts'
import type { Renderable } from '../../core/template/renderable.ts'
import type { SecretRequest } from '../../core/template/secret-request.ts'
import type { AgentConfig, TemplateConfig, VariableConfig } from '../config/agent-config.ts'
import { fail } from '../plan/failure.ts'
import type { Moment } from '../plan/session.ts'
import type { AgentState, HeldSecret } from '../plan/state.ts'
import type { StepPorts } from './ports.ts'
import { isSpelled, type NamedSecret, referenceOf } from './shown-secret.ts'
import type { SlowWork } from './slow-work.ts'

export interface CompiledTemplate {
  /** What messages call it: a file's destination, or a variable. */
  readonly name: string
  readonly target:
    | { readonly kind: 'file'; readonly config: TemplateConfig }
    | { readonly kind: 'variable'; readonly config: VariableConfig }
  readonly template: Renderable
  /** Why it cannot be rendered, whatever its secrets are. */
  readonly problem?: AppError
}

export interface StepContext {
  readonly ports: StepPorts
  readonly config: AgentConfig
  readonly templates: readonly CompiledTemplate[]
  /** When the step began. What is granted counts from here: the store may have granted it as early. */
  readonly now: number
  /** The same moment on the steady clock of `ports`. */
  readonly startedAt: number
  /** Uniform in [0, 1), once for all of the step: what is done together stays together, and apart from other agents. */
  readonly chance: number
  /** Whether the store is asked for something in this step anyway: then what is due shortly is done too. */
  readonly joins: boolean
  readonly requests: SlowWork<SecretResult>
  readonly logins: SlowWork<SessionChange>
  readonly sinks: SlowWork<PreparedSink>
}

/** What came of a read or a renewal. */
export type SecretResult =
  | {
      readonly kind: 'held'
      readonly held: HeldSecret
      readonly event: 'secret_read' | 'lease_renewed' | 'lease_unrenewable'
    }
  | {
      readonly kind: 'failed'
      readonly request: SecretRequest
      readonly what: 'read' | 'lease renewal'
      readonly error: AppError
      readonly isOptional?: boolean
    }

/** What a sink is to hold, or why that could not be made. */
export type PreparedSink =
  | { readonly kind: 'made'; readonly bytes: Uint8Array }
  | { readonly kind: 'failed'; readonly error: AppError }

/** What came of a login or of a renewal of the token, for the state that it comes to. */
export type SessionChange = (state: AgentState) => Stage

/** What happened in a step; log lines and counters are derived from these and from nothing else. */
export type StepEvent =
  | {
      readonly kind: 'logged_in'
      readonly path: string
      readonly role: string
      readonly ttlMs: number
    }
  | { readonly kind: 'token_renewed'; readonly ttlMs: number }
  | { readonly kind: 'token_dead'; readonly error: AppError }
  | { readonly kind: 'lease_renewed'; readonly path: string }
  /** It may not be renewed; it is replaced shortly before its end. */
  | { readonly kind: 'lease_unrenewable'; readonly path: string }
  | { readonly kind: 'secret_read'; readonly path: string }
  /** A secret that is wanted only where it exists. */
  | {
      readonly kind: 'secret_absent'
      readonly path: string
      readonly attempts: number
      readonly retryInMs: number
    }
  /** It is too busy: none of its secrets is asked for until then. */
  | {
      readonly kind: 'store_busy'
      readonly store: string
      readonly attempts: number
      readonly retryInMs: number
    }
  | {
      readonly kind: 'failed'
      readonly what: FailedWork
      readonly error: AppError
      /** How often this has failed in a row. */
      readonly attempts: number
      readonly retryInMs: number
    }
  | {
      readonly kind: 'template_failed'
      readonly destination: string
      readonly error: AppError
      /** False where the template says that it does not matter. */
      readonly isFatal: boolean
    }
  | { readonly kind: 'file_stale'; readonly destination: string; readonly action: string }

export type FailedWork = 'login' | 'token renewal' | 'lease renewal' | 'read' | 'sink'

export interface Stage {
  readonly state: AgentState
  readonly events: readonly StepEvent[]
}

/** A store's refusal of what was asked, as opposed to its being unable to answer at all. */
export function isRefusal(error: AppError): boolean {
  return refusals.has(error.code)
}

const refusals = new Set<ErrorCode>([
  'store_refused',
  'token_invalid',
  'secret_missing',
  'login_refused',
])

export function moment({ now, chance }: StepContext): Moment {
  return { now, chance }
}

/** The moment within the step: a lease counts from when it was asked for, a pause from when the answer came. */
export function currentMoment({ now, startedAt, ports, chance }: StepContext): Moment {
  return { now: now + ports.machine.elapsed() - startedAt, chance }
}

/** Ends the session after an answer that shows its token to be dead; the next login waits as after a failed one. */
export function loseSession(context: StepContext, state: AgentState, error: AppError): AgentState {
  const { auth } = context.config
  if (auth === undefined) return state
  const { backoff } = auth
  const loginFailure = fail(state.loginFailure, { error, backoff }, currentMoment(context))
  return { ...state, session: undefined, loginFailure }
}

/** The error of one attempt; a fault of our own is not one and goes on up. */
export function attemptError(thrown: unknown): AppError {
  return toAppError(thrown, 'store_answer_invalid')
}

/** What a message calls a secret. A path that no template spells out was computed from something that may be secret: it is not shown. */
export function shownSecret(
  { templates }: Pick<StepContext, 'templates'>,
  secret: NamedSecret,
): string {
  return isSpelled(templates, secret) ? referenceOf(secret) : computed
}

const computed = '(computed by a template)'

/** `error` of `request`, its facts without the path and what the store made of it, unless it may be shown. */
export function concealPath(
  { templates }: StepContext,
  error: AppError,
  request: SecretRequest,
): AppError {
  const { path, at, ...facts } = error.facts
  if (isSpelled(templates, request) || path === undefined) return error
  // Where a store logs in is no part of it.
  const isLogin = String(at).startsWith('auth/')
  const place = at === undefined ? {} : { at: isLogin ? at : computed }
  return new AppError(error.code, { ...facts, path: computed, ...place }, { cause: error })
}
