/** What every stage of one step shares, and what each hands to the next. */
import { AppError, type ErrorCode, toAppError } from '../../core/errors.ts'
import type { Renderable } from '../../core/template/renderable.ts'
import type { AgentConfig, TemplateConfig } from '../config/agent-config.ts'
import { fail } from '../plan/failure.ts'
import type { Moment } from '../plan/session.ts'
import type { AgentState } from '../plan/state.ts'
import type { StepPorts } from './ports.ts'

export interface CompiledTemplate {
  readonly config: TemplateConfig
  readonly template: Renderable
}

export interface StepContext {
  readonly ports: StepPorts
  readonly config: AgentConfig
  readonly templates: readonly CompiledTemplate[]
  readonly now: number
}

/** What happened in a step; the log is derived from these and from nothing else. */
export type StepEvent =
  | {
      readonly kind: 'logged_in'
      readonly path: string
      readonly role: string
      readonly ttlMs: number
    }
  | { readonly kind: 'token_renewed'; readonly ttlMs: number }
  | { readonly kind: 'lease_renewed'; readonly path: string }
  | { readonly kind: 'secret_read'; readonly path: string }
  /** A secret that is wanted only where it exists. */
  | {
      readonly kind: 'secret_absent'
      readonly path: string
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
  | { readonly kind: 'template_failed'; readonly destination: string; readonly error: AppError }

export type FailedWork = 'login' | 'token renewal' | 'lease renewal' | 'read'

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

export function moment({ now, ports }: StepContext): Moment {
  return { now, chance: ports.chance() }
}

/** Ends the session after a failure that shows its token to be dead; the next login waits as after a failed one. */
export function loseSession(context: StepContext, state: AgentState, error: AppError): AgentState {
  const backoff = context.config.auth.backoff
  const loginFailure = fail(state.loginFailure, { error, backoff }, moment(context))
  return { ...state, session: undefined, loginFailure }
}

/** The error of one attempt; a fault of our own is not one and goes on up. */
export function attemptError(thrown: unknown): AppError {
  return toAppError(thrown, 'store_answer_invalid')
}

/** A path that no template spells out was computed from something that may be secret: it is not shown. */
export function shownPath({ templates }: StepContext, path: string): string {
  const spelled = templates.some(({ template }) => template.text.includes(path))
  return spelled ? path : '(computed by a template)'
}

/** `error` of a request for `path`, its facts without that path unless it may be shown. */
export function concealPath(context: StepContext, error: AppError, path: string): AppError {
  const named = error.facts['path']
  if (typeof named !== 'string' || !named.includes(path) || shownPath(context, path) === path) {
    return error
  }
  const facts = { ...error.facts, path: shownPath(context, path) }
  return new AppError(error.code, facts, { cause: error })
}
