/** The third stage: every template whose secrets are all known, rendered; what is missing is read on the way. */
import { AppError } from '../../core/errors.ts'
import {
  type FileEffect,
  type LocalAnswer,
  type LocalRequest,
  localRequestKey,
} from '../../core/template/local-request.ts'
import type { TemplatePolicy } from '../../core/template/policy.ts'
import { type SecretRequest, secretRequestKey } from '../../core/template/secret-request.ts'
import { suggest } from '../../core/template/suggestion.ts'
import { type RenderResult, TemplateError } from '../../core/template/template.ts'
import { resting } from '../plan/failure.ts'
import type { AgentState } from '../plan/state.ts'
import type { CompiledTemplate, Stage, StepContext } from './context.ts'
import { readSecrets, type WantedSecret } from './keep-secrets.ts'

/** A secret's path may come from another secret, so reads and renders alternate; this many times at most. */
const maxPasses = 64

export interface RenderedStage extends Stage {
  readonly rendered: readonly Rendered[]
  /** When to look again at files and programs that templates depend on; infinity where none does. */
  readonly machineDue: number
}

export type Rendered =
  | {
      readonly kind: 'complete'
      readonly compiled: CompiledTemplate
      readonly output: Uint8Array
      readonly effects: readonly FileEffect[]
    }
  | {
      readonly kind: 'waiting'
      readonly compiled: CompiledTemplate
      readonly missing: readonly SecretRequest[]
    }
  /** Optional, and its secret does not exist: nothing is waited for. */
  | { readonly kind: 'absent'; readonly compiled: CompiledTemplate }
  | { readonly kind: 'failed'; readonly compiled: CompiledTemplate; readonly error: AppError }

export async function renderTemplates(
  context: StepContext,
  before: AgentState,
): Promise<RenderedStage> {
  const locals: LocalAnswers = new Map()
  let stage: Stage = { state: before, events: [] }
  for (let pass = 0; ; pass++) {
    const { state, events } = stage
    const attempts = context.templates.map((compiled) =>
      attempt(context, compiled, { state, locals }),
    )
    const wanted = readable(context, state, attempts)
    const asked = unanswered(attempts, locals)
    if ((wanted.length === 0 && asked.length === 0) || pass === maxPasses) {
      return conclude(context, stage, attempts)
    }
    const [read] = await Promise.all([
      readSecrets(context, state, wanted),
      askMachine(context, asked, locals),
    ])
    stage = { state: read.state, events: [...events, ...read.events] }
  }
}

/** What the machine answered in this step, by template's destination and `localRequestKey`: each may have its own policy. */
type LocalAnswers = Map<string, LocalAnswer>

interface LocalQuestion {
  readonly key: string
  readonly request: LocalRequest
  readonly policy: TemplatePolicy
}

function localKey(compiled: CompiledTemplate, request: LocalRequest): string {
  return `${compiled.config.destination} ${localRequestKey(request)}`
}

function unanswered(attempts: readonly Attempt[], locals: LocalAnswers): readonly LocalQuestion[] {
  return attempts.flatMap(({ rendered: { compiled }, missingLocals }) =>
    missingLocals
      .map((request) => ({
        key: localKey(compiled, request),
        request,
        policy: compiled.template.policy,
      }))
      .filter(({ key }) => !locals.has(key)),
  )
}

async function askMachine(
  { ports: { machine } }: StepContext,
  asked: readonly LocalQuestion[],
  locals: LocalAnswers,
): Promise<void> {
  await Promise.all(
    asked.map(async ({ key, request, policy }) => {
      locals.set(key, await machine.answer(request, policy))
    }),
  )
}

interface Attempt {
  readonly rendered: Rendered
  readonly requests: readonly SecretRequest[]
  readonly missing: readonly SecretRequest[]
  readonly missingLocals: readonly LocalRequest[]
  /** Whether the template depends on the machine, which nobody watches. */
  readonly usesMachine: boolean
}

interface Known {
  readonly state: AgentState
  readonly locals: LocalAnswers
}

function attempt(
  { now, ports: { machine } }: StepContext,
  compiled: CompiledTemplate,
  { state, locals }: Known,
): Attempt {
  try {
    const result: RenderResult = compiled.template.render({
      now,
      environment: machine.environment,
      random: machine.random,
      clock: machine.elapsed,
      secret: (request) => state.secrets.get(secretRequestKey(request))?.answer,
      local: (request) => locals.get(localKey(compiled, request)),
    })
    const { requests, missing, missingLocals } = result
    const rendered = judge(compiled, result, state)
    const usesMachine = result.locals.length > 0
    return { rendered, requests, missing, missingLocals, usesMachine }
  } catch (thrown) {
    if (!(thrown instanceof TemplateError)) throw thrown
    const { destination } = compiled.config
    const answers = Array.from(state.secrets.values(), ({ answer }) => answer)
    const hint = suggest(thrown, { text: compiled.template.text, answers })
    const error = new AppError('template_failed', {
      destination,
      where: thrown.message,
      ...(hint === undefined ? {} : { hint }),
    })
    const rendered: Rendered = { kind: 'failed', compiled, error }
    return { rendered, requests: [], missing: [], missingLocals: [], usesMachine: false }
  }
}

function judge(
  compiled: CompiledTemplate,
  { output, missing, missingLocals, effects }: RenderResult,
  { failures }: AgentState,
): Rendered {
  if (missing.length + missingLocals.length === 0) {
    return { kind: 'complete', compiled, output, effects }
  }
  const isAbsent =
    compiled.config.optional &&
    missing.length > 0 &&
    missing.every((request) => failures.get(secretRequestKey(request))?.code === 'secret_missing')
  return isAbsent ? { kind: 'absent', compiled } : { kind: 'waiting', compiled, missing }
}

/** What is missing and may be asked for now, each once; optional where every template that misses it is. */
function readable(
  context: StepContext,
  { session, failures }: AgentState,
  attempts: readonly Attempt[],
): readonly WantedSecret[] {
  if (session === undefined) return []
  const wanted = new Map<string, WantedSecret>()
  for (const { rendered, missing } of attempts) {
    const { optional } = rendered.compiled.config
    for (const request of missing) {
      const key = secretRequestKey(request)
      if (resting(failures.get(key), context.now)) continue
      wanted.set(key, { request, isOptional: optional && wanted.get(key)?.isOptional !== false })
    }
  }
  return [...wanted.values()]
}

function conclude(
  { now, config }: StepContext,
  { state, events }: Stage,
  attempts: readonly Attempt[],
): RenderedStage {
  const rendered = attempts.map((attempted) => attempted.rendered)
  const failures = rendered.flatMap((outcome) =>
    outcome.kind === 'failed'
      ? [
          {
            kind: 'template_failed',
            destination: outcome.compiled.config.destination,
            error: outcome.error,
          } as const,
        ]
      : [],
  )
  const usesMachine = attempts.some((attempted) => attempted.usesMachine)
  return {
    rendered,
    state: forgetUnused(state, attempts),
    events: [...events, ...failures],
    machineDue: usesMachine ? now + config.staticIntervalMs : Number.POSITIVE_INFINITY,
  }
}

/** What no template asks for any more is neither refreshed nor renewed; unless one failed, then nobody knows. */
function forgetUnused(state: AgentState, attempts: readonly Attempt[]): AgentState {
  if (attempts.some(({ rendered }) => rendered.kind === 'failed')) return state
  const used = new Set(attempts.flatMap(({ requests }) => requests.map(secretRequestKey)))
  const keep = <T>(entries: ReadonlyMap<string, T>) =>
    new Map([...entries].filter(([key]) => used.has(key)))
  return { ...state, secrets: keep(state.secrets), failures: keep(state.failures) }
}
