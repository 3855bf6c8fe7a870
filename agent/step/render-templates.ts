/** The third stage: every template whose secrets are all known, rendered; what is missing is read on the way. */
import type { LocalRequest } from '../../core/template/local-request.ts'
import type { TemplatePolicy } from '../../core/template/policy.ts'
import { secretRequestKey } from '../../core/template/secret-request.ts'
import { confirmWithin, hastenRead } from '../plan/lease.ts'
import type { AgentState } from '../plan/state.ts'
import type { Stage, StepContext, StepEvent } from './context.ts'
import { readSecrets, type WantedSecret } from './keep-secrets.ts'
import {
  type Attempt,
  attemptRender,
  isOptional,
  type LocalAnswers,
  localKey,
  mayRead,
  type Rendered,
} from './render-attempt.ts'

/** A secret's path may come from another secret, so reads and renders alternate; this many times at most. */
const maxPasses = 64

/** How soon a file that a template reads is looked at again. Source: consul-template's `file`. */
const filePollMs = 2000

export interface RenderedStage extends Stage {
  readonly rendered: readonly Rendered[]
  /** When to look again at files and programs that templates depend on; infinity where none does. */
  readonly machineDue: number
}

export async function renderTemplates(
  context: StepContext,
  before: AgentState,
): Promise<RenderedStage> {
  const locals: LocalAnswers = new Map()
  let stage: Stage = { state: before, events: [] }
  for (let pass = 0; ; pass++) {
    const { state, events } = stage
    const attempts = context.templates.map((compiled) =>
      attemptRender(context, compiled, { state, locals }),
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

interface LocalQuestion {
  readonly key: string
  readonly request: LocalRequest
  readonly policy: TemplatePolicy
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

/** What is missing and may be asked for now, each once; optional where every template that misses it is. */
function readable(
  context: StepContext,
  state: AgentState,
  attempts: readonly Attempt[],
): readonly WantedSecret[] {
  const wanted = new Map<string, WantedSecret>()
  for (const { rendered, missing, optional } of attempts) {
    const { compiled } = rendered
    const destinations = compiled.target.kind === 'file' ? [compiled.name] : []
    for (const request of missing) {
      const key = secretRequestKey(request)
      if (!mayRead(context, state, request)) continue
      const other = wanted.get(key)
      wanted.set(key, {
        request,
        isOptional: (isOptional(compiled) || optional.has(key)) && other?.isOptional !== false,
        destinations: [...(other?.destinations ?? []), ...destinations],
      })
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
  const pauses = attempts
    .flatMap(({ locals }) => locals)
    .map(({ kind }) => (kind === 'file' ? filePollMs : config.templating.staticIntervalMs))
  return {
    rendered,
    state: confirmAging(hastenLacking(forgetUnused(state, attempts), attempts), rendered),
    events: [...events, ...rendered.flatMap(failureEvents)],
    machineDue: now + Math.min(Number.POSITIVE_INFINITY, ...pauses),
  }
}

function failureEvents(outcome: Rendered): readonly StepEvent[] {
  if (outcome.kind !== 'failed') return []
  const { compiled, error } = outcome
  const isFatal = compiled.target.config.errorFatal
  return [{ kind: 'template_failed', destination: compiled.name, error, isFatal }]
}

/** A key that is missing is likely to be added soon: its secret is read again earlier. */
function hastenLacking(state: AgentState, attempts: readonly Attempt[]): AgentState {
  const lacking = new Set(attempts.flatMap((attempt) => attempt.lacking.map(secretRequestKey)))
  if (lacking.size === 0) return state
  const secrets = Array.from(state.secrets, ([key, held]) => {
    return [key, lacking.has(key) ? hastenRead(held) : held] as const
  })
  return { ...state, secrets: new Map(secrets) }
}

/** A store that answers is asked before what it said counts as too old, however seldom it is read. */
function confirmAging(state: AgentState, rendered: readonly Rendered[]): AgentState {
  const secrets = new Map(state.secrets)
  for (const outcome of rendered) {
    const { target } = outcome.compiled
    if (outcome.kind !== 'complete' || target.kind !== 'file') continue
    const { staleness } = target.config
    if (staleness === undefined) continue
    for (const key of outcome.requests.map(secretRequestKey)) {
      const held = secrets.get(key)
      if (held !== undefined) secrets.set(key, confirmWithin(held, staleness.maxMs))
    }
  }
  return { ...state, secrets }
}

/** What no template asks for any more is neither refreshed nor renewed; unless one failed, then nobody knows. */
function forgetUnused(state: AgentState, attempts: readonly Attempt[]): AgentState {
  if (attempts.some(({ rendered }) => rendered.kind === 'failed')) return state
  const used = new Set(attempts.flatMap(({ requests }) => requests.map(secretRequestKey)))
  const keep = <T>(entries: ReadonlyMap<string, T>) =>
    new Map([...entries].filter(([key]) => used.has(key)))
  return { ...state, secrets: keep(state.secrets), failures: keep(state.failures) }
}
