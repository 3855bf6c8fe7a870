/** One template, rendered once with what is known. */
import { AppError } from '../../core/errors.ts'
import {
  type FileEffect,
  type LocalAnswer,
  type LocalRequest,
  localRequestKey,
} from '../../core/template/local-request.ts'
import { type SecretRequest, secretRequestKey } from '../../core/template/secret-request.ts'
import { suggest } from '../../core/template/suggestion.ts'
import { type RenderResult, TemplateError } from '../../core/template/template.ts'
import type { AgentState } from '../plan/state.ts'
import type { CompiledTemplate, StepContext } from './context.ts'

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
  { ports: { machine, wall } }: StepContext,
  compiled: CompiledTemplate,
  known: Known,
): Attempt {
  const { secrets } = known.state
  if (compiled.problem !== undefined) return failedAttempt(compiled, compiled.problem)
  try {
    const result = compiled.template.render({
      now: wall(),
      environment: machine.environment,
      random: machine.random,
      clock: machine.elapsed,
      secret: (request) => secrets.get(secretRequestKey(request))?.answer,
      local: (request) => known.locals.get(localKey(compiled, request)),
    })
    return { rendered: judge(compiled, result, known.state), ...result }
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
  return { rendered, requests: [], missing: [], locals: [], missingLocals: [] }
}

export function isOptional({ target }: CompiledTemplate): boolean {
  return target.kind === 'file' && target.config.optional
}

function judge(
  compiled: CompiledTemplate,
  { output, requests, missing, missingLocals, effects }: RenderResult,
  { failures }: AgentState,
): Rendered {
  if (missing.length + missingLocals.length === 0) {
    return { kind: 'complete', compiled, output, effects, requests }
  }
  const isAbsent =
    isOptional(compiled) &&
    missing.length > 0 &&
    missing.every((request) => failures.get(secretRequestKey(request))?.code === 'secret_missing')
  return isAbsent ? { kind: 'absent', compiled } : { kind: 'waiting', compiled, missing }
}
