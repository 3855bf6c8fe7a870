/** What every stage of one step shares, and what each hands to the next. */
import { AppError, type ErrorCode, toAppError } from '../../core/errors.ts'
import type { Renderable } from '../../core/template/renderable.ts'
import type { AgentConfig, TemplateConfig, VariableConfig } from '../config/agent-config.ts'
import { fail } from '../plan/failure.ts'
import type { Moment } from '../plan/session.ts'
import type { AgentState } from '../plan/state.ts'
import type { StepPorts } from './ports.ts'
import type { SecretRequests } from './secret-requests.ts'

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
  readonly requests: SecretRequests
}

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

/** A path that no template spells out was computed from something that may be secret: it is not shown. */
export function shownPath({ templates }: Pick<StepContext, 'templates'>, path: string): string {
  const spelled = templates.some(({ template }) => template.text.includes(path))
  return spelled ? path : '(computed by a template)'
}

/** `error` of a request for `path`, its facts without that path (or what the store made of it) unless it may be shown. */
export function concealPath(context: StepContext, error: AppError, path: string): AppError {
  const shown = shownPath(context, path)
  if (shown === path || error.facts['path'] === undefined) return error
  return new AppError(error.code, { ...error.facts, path: shown }, { cause: error })
}
