/** One template, rendered once with what is known. */
import { AppError } from '../../core/errors.ts'
import {
  type FileEffect,
  type LocalAnswer,
  type LocalRequest,
  localRequestKey,
} from '../../core/template/local-request.ts'
import { describeMissingKeys } from '../../core/template/missing-keys.ts'
import type { RenderResult } from '../../core/template/render-result.ts'
import { apartFromMachine } from '../../core/template/renderable.ts'
import {
  absentAnswer,
  type SecretAnswer,
  type SecretRequest,
  secretRequestKey,
} from '../../core/template/secret-request.ts'
import { suggest } from '../../core/template/suggestion.ts'
import { TemplateError } from '../../core/template/template.ts'
import { resting } from '../plan/failure.ts'
import type { AgentState } from '../plan/state.ts'
import type { CompiledTemplate, StepContext } from './context.ts'
import { findSource } from './sources.ts'

export type Rendered =
  | {
      readonly kind: 'complete'
      readonly compiled: CompiledTemplate
      readonly output: Uint8Array
      readonly effects: readonly FileEffect[]
      readonly requests: readonly SecretRequest[]
    }
  | {
      readonly kind: 'waiting'
      readonly compiled: CompiledTemplate
      readonly missing: readonly SecretRequest[]
    }
  /** Optional, and its secret does not exist: nothing is waited for. */
  | { readonly kind: 'absent'; readonly compiled: CompiledTemplate }
  | { readonly kind: 'failed'; readonly compiled: CompiledTemplate; readonly error: AppError }

export interface Attempt {
  readonly rendered: Rendered
  readonly requests: readonly SecretRequest[]
  readonly missing: readonly SecretRequest[]
  /** Keys of requests that need not exist. */
  readonly optional: ReadonlySet<string>
  /** Those of a file that lacks a key of theirs. */
  readonly lacking: readonly SecretRequest[]
  readonly locals: readonly LocalRequest[]
  readonly missingLocals: readonly LocalRequest[]
}

/** What the machine answered in this step, by template's name and `localRequestKey`: each may have its own policy. */
export type LocalAnswers = Map<string, LocalAnswer>

export interface Known {
  readonly state: AgentState
  readonly locals: LocalAnswers
}

export function localKey({ name }: CompiledTemplate, request: LocalRequest): string {
  return `${name} ${localRequestKey(request)}`
}

export function attemptRender(
  context: StepContext,
  compiled: CompiledTemplate,
  known: Known,
): Attempt {
  const { machine, wall } = context.ports
  const { secrets } = known.state
  if (compiled.problem !== undefined) return failedAttempt(compiled, compiled.problem)
  try {
    const result = compiled.template.render({
      now: wall(),
      environment: machine.environment,
      random: machine.random,
      clock: machine.elapsed,
      secret: (request) => knownAnswer(context, known.state, request),
      local: (request) => known.locals.get(localKey(compiled, request)),
    })
    const rendered = judge(compiled, result, known.state)
    const lacking = result.missingKeys.length === 0 ? [] : result.requests
    return { ...result, rendered, lacking }
  } catch (thrown) {
    if (!(thrown instanceof TemplateError)) throw thrown
    const answers = Array.from(secrets.values(), ({ answer }) => answer)
    const hint = suggest(thrown, { text: compiled.template.text, answers })
    const error = new AppError('template_failed', {
      destination: compiled.name,
      where: thrown.message,
      ...(hint === undefined ? {} : { hint }),
    })
    return failedAttempt(compiled, error)
  }
}

function failedAttempt(compiled: CompiledTemplate, error: AppError): Attempt {
  const rendered: Rendered = { kind: 'failed', compiled, error }
  return { rendered, requests: [], missing: [], lacking: [], ...apartFromMachine }
}

/** What is known to be missing is, until it is asked for again. */
function knownAnswer(
  context: StepContext,
  state: AgentState,
  request: SecretRequest,
): SecretAnswer | undefined {
  const key = secretRequestKey(request)
  const held = state.secrets.get(key)
  if (held !== undefined) return held.answer
  const isAbsent = state.failures.get(key)?.code === 'secret_missing'
  return isAbsent && !mayRead(context, state, request) ? absentAnswer : undefined
}

/** Whether a secret that is missing can be asked for now. */
export function mayRead(context: StepContext, state: AgentState, request: SecretRequest): boolean {
  const key = secretRequestKey(request)
  const waits = context.requests.isSlow(key) || resting(state.failures.get(key), context.now)
  return !waits && findSource(context, state, request) !== undefined
}

export function isOptional({ target }: CompiledTemplate): boolean {
  return target.kind === 'file' && target.config.optional
}

function judge(
  compiled: CompiledTemplate,
  result: RenderResult,
  { failures }: AgentState,
): Rendered {
  const { output, requests, missing, missingKeys, missingLocals, effects } = result
  if (result.isAbsent) return { kind: 'absent', compiled }
  if (missing.length + missingLocals.length === 0) {
    if (missingKeys.length === 0) return { kind: 'complete', compiled, output, effects, requests }
    return { kind: 'failed', compiled, error: describeMissingKeys(compiled.name, missingKeys) }
  }
  const isAbsent =
    isOptional(compiled) &&
    missing.length > 0 &&
    missing.every((request) => failures.get(secretRequestKey(request))?.code === 'secret_missing')
  return isAbsent ? { kind: 'absent', compiled } : { kind: 'waiting', compiled, missing }
}
