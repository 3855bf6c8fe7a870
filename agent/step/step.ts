/** The agent as a step function over durable state: `step(config, state, now) → {writes, state', nextWake}`. */
import { createHash } from 'node:crypto'
import type { AppError } from '../../core/errors.ts'
import type { FileEffect } from '../../core/template/local-request.ts'
import type { PathPolicy } from '../../core/template/policy.ts'
import type { AgentConfig } from '../config/agent-config.ts'
import type { AgentState } from '../plan/state.ts'
import { nextWake } from '../plan/wake.ts'
import type { CompiledTemplate, StepContext, StepEvent } from './context.ts'
import { keepSecrets } from './keep-secrets.ts'
import { keepSession } from './keep-session.ts'
import type { StepPorts } from './ports.ts'
import { type Rendered, renderTemplates } from './render-templates.ts'
import { listUnmet } from './unmet.ts'

/** A file that must hold these bytes; whoever applies it leaves a file that already does alone. */
export interface FileWrite {
  readonly destination: string
  readonly bytes: Uint8Array
  /** Undefined: the mode of the existing file, else 0644. */
  readonly mode: number | undefined
  readonly createDirectories: boolean
}

/** What a template wrote with `writeToFile`, to be done once more whenever it changes. */
export interface TemplateEffects {
  /** The key under which `state.files` remembers them. */
  readonly key: string
  readonly effects: readonly FileEffect[]
  readonly policy: PathPolicy
}

export interface StepResult {
  readonly writes: readonly FileWrite[]
  readonly effects: readonly TemplateEffects[]
  readonly state: AgentState
  /** Milliseconds since the epoch; infinity when nothing will ever be due. */
  readonly nextWake: number
  readonly events: readonly StepEvent[]
  /** True once every template has been rendered, in this step or an earlier one; optional ones whose secret does not exist are passed over. */
  readonly complete: boolean
  /** What keeps it from being complete: logins, secrets and files with the code of their last failure. */
  readonly unmet: readonly string[]
  /** Why the agent should end although it is not complete. */
  readonly giveUp: AppError | undefined
}

export type Step = (config: AgentConfig, state: AgentState, now: number) => Promise<StepResult>

/** Everything a step does goes through `ports`; it keeps nothing between two calls. */
export function createStep(ports: StepPorts, templates: readonly CompiledTemplate[]): Step {
  return async (config, before, now) => {
    const context: StepContext = { ports, config, templates, now }
    const session = await keepSession(context, before)
    const secrets = await keepSecrets(context, session.state)
    const last = await renderTemplates(context, secrets.state)
    const events = [...session.events, ...secrets.events, ...last.events]
    const state = settle(last.state, last.rendered, events)
    const open = last.rendered.filter((outcome) => isOpen(outcome, state))
    const complete = open.length === 0
    return {
      writes: [...sinkWrites(config, state), ...fileWrites(last.rendered)],
      effects: changedEffects(before, last.rendered),
      state,
      nextWake: Math.min(nextWake(state, now), last.machineDue),
      events,
      complete: complete && state.session !== undefined,
      unmet: listUnmet(context, state, open),
      giveUp: complete ? undefined : reasonToGiveUp(config, events),
    }
  }
}

/** Not rendered in this step and never before. */
function isOpen({ kind, compiled }: Rendered, { files }: AgentState): boolean {
  return kind !== 'absent' && !files.has(compiled.config.destination)
}

/** A step in which no login, renewal or dead token failed clears the memory of such failures. */
function settle(
  state: AgentState,
  rendered: readonly Rendered[],
  events: readonly StepEvent[],
): AgentState {
  const files = new Map(state.files)
  for (const outcome of rendered) {
    if (outcome.kind === 'complete') {
      const { destination } = outcome.compiled.config
      files.set(destination, sha256(outcome.output))
      if (outcome.effects.length > 0) files.set(effectsKey(destination), hashOf(outcome.effects))
    }
  }
  const broken = state.session === undefined || events.some(concernsSession)
  return { ...state, files, loginFailure: broken ? state.loginFailure : undefined }
}

function concernsSession(event: StepEvent): boolean {
  return event.kind === 'failed' && (event.what === 'login' || event.what === 'token renewal')
}

function fileWrites(rendered: readonly Rendered[]): readonly FileWrite[] {
  return rendered.flatMap((outcome) => {
    if (outcome.kind !== 'complete') return []
    const { destination, mode, createDirectories } = outcome.compiled.config
    return [{ destination, bytes: outcome.output, mode, createDirectories }]
  })
}

/** A destination is a path, which has no such end. */
function effectsKey(destination: string): string {
  return `${destination} (writeToFile)`
}

function hashOf(effects: readonly FileEffect[]): string {
  return sha256(Buffer.from(JSON.stringify(effects)))
}

function changedEffects(
  { files }: AgentState,
  rendered: readonly Rendered[],
): readonly TemplateEffects[] {
  return rendered.flatMap((outcome) => {
    if (outcome.kind !== 'complete' || outcome.effects.length === 0) return []
    const { compiled, effects } = outcome
    const key = effectsKey(compiled.config.destination)
    if (files.get(key) === hashOf(effects)) return []
    return [{ key, effects, policy: compiled.template.policy.writeToFile }]
  })
}

/** The token without a newline, as Vault's file sink writes it. */
function sinkWrites({ sinks }: AgentConfig, { session }: AgentState): readonly FileWrite[] {
  if (session === undefined) return []
  const bytes = Buffer.from(session.token.reveal())
  return sinks.map(({ path, mode }) => ({
    destination: path,
    bytes,
    mode,
    createDirectories: false,
  }))
}

/** Before the first complete render only: later the old files are worth more than an exit. */
function reasonToGiveUp(
  { auth, exitOnRetryFailure, readRetries }: AgentConfig,
  events: readonly StepEvent[],
): AppError | undefined {
  for (const event of events) {
    if (event.kind === 'failed' && event.what === 'login' && auth.exitOnError) return event.error
    if (!exitOnRetryFailure) continue
    const isExhausted = event.kind === 'failed' && event.attempts > Math.max(0, readRetries)
    if (isExhausted && event.what === 'read') return event.error
    if (event.kind === 'template_failed') return event.error
  }
  return undefined
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
