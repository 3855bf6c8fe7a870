/** The third stage: every template whose secrets are all known, rendered; what is missing is read on the way. */
import { AppError } from '../../core/errors.ts'
import { type SecretRequest, secretRequestKey } from '../../core/template/secret-request.ts'
import { type RenderResult, renderTemplate, TemplateError } from '../../core/template/template.ts'
import { resting } from '../plan/failure.ts'
import type { AgentState } from '../plan/state.ts'
import type { CompiledTemplate, Stage, StepContext } from './context.ts'
import { readSecrets } from './keep-secrets.ts'

/** A secret's path may come from another secret, so reads and renders alternate; this many times at most. */
const maxPasses = 64

export interface RenderedStage extends Stage {
  readonly rendered: readonly Rendered[]
}

export type Rendered =
  | { readonly kind: 'complete'; readonly compiled: CompiledTemplate; readonly output: Uint8Array }
  | { readonly kind: 'waiting'; readonly compiled: CompiledTemplate }
  | { readonly kind: 'failed'; readonly compiled: CompiledTemplate; readonly error: AppError }

export async function renderTemplates(
  context: StepContext,
  before: AgentState,
): Promise<RenderedStage> {
  let stage: Stage = { state: before, events: [] }
  for (let pass = 0; ; pass++) {
    const attempts = context.templates.map((compiled) =>
      attempt(compiled, stage.state, context.now),
    )
    const wanted = readable(context, stage.state, attempts)
    if (wanted.length === 0 || pass === maxPasses) return conclude(stage, attempts)
    const read = await readSecrets(context, stage.state, wanted)
    stage = { state: read.state, events: [...stage.events, ...read.events] }
  }
}

interface Attempt {
  readonly rendered: Rendered
  readonly requests: readonly SecretRequest[]
  readonly missing: readonly SecretRequest[]
}

function attempt(compiled: CompiledTemplate, { secrets }: AgentState, now: number): Attempt {
  try {
    const result: RenderResult = renderTemplate(compiled.template, {
      now,
      secret: (request) => secrets.get(secretRequestKey(request))?.answer,
    })
    const { output, requests, missing } = result
    const complete = missing.length === 0
    const rendered: Rendered = complete
      ? { kind: 'complete', compiled, output }
      : { kind: 'waiting', compiled }
    return { rendered, requests, missing }
  } catch (thrown) {
    if (!(thrown instanceof TemplateError)) throw thrown
    const { destination } = compiled.config
    const error = new AppError('template_failed', { destination, where: thrown.message })
    return { rendered: { kind: 'failed', compiled, error }, requests: [], missing: [] }
  }
}

/** What is missing and may be asked for now, each once. */
function readable(
  context: StepContext,
  { session, failures }: AgentState,
  attempts: readonly Attempt[],
): readonly SecretRequest[] {
  if (session === undefined) return []
  const wanted = new Map<string, SecretRequest>()
  for (const request of attempts.flatMap(({ missing }) => missing)) {
    const key = secretRequestKey(request)
    if (!resting(failures.get(key), context.now)) wanted.set(key, request)
  }
  return [...wanted.values()]
}

function conclude({ state, events }: Stage, attempts: readonly Attempt[]): RenderedStage {
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
  return { rendered, state: forgetUnused(state, attempts), events: [...events, ...failures] }
}

/** What no template asks for any more is neither refreshed nor renewed; unless one failed, then nobody knows. */
function forgetUnused(state: AgentState, attempts: readonly Attempt[]): AgentState {
  if (attempts.some(({ rendered }) => rendered.kind === 'failed')) return state
  const used = new Set(attempts.flatMap(({ requests }) => requests.map(secretRequestKey)))
  const keep = <T>(entries: ReadonlyMap<string, T>) =>
    new Map([...entries].filter(([key]) => used.has(key)))
  return { ...state, secrets: keep(state.secrets), failures: keep(state.failures) }
}
