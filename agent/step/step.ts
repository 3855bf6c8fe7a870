/** The agent as a step function over durable state: `step(config, state, now) → {writes, state', nextWake}`. */
import { AppError, type ErrorCode } from '../../core/errors.ts'
import type { AgentConfig } from '../config/agent-config.ts'
import type { AgentState } from '../plan/state.ts'
import { isAskedNow, nextWake } from '../plan/wake.ts'
import type {
  CompiledTemplate,
  PreparedSink,
  SecretResult,
  SessionChange,
  StepContext,
  StepEvent,
} from './context.ts'
import { decideFiles, type FileStage } from './decide-files.ts'
import type { FileWrite, TemplateEffects } from './file-write.ts'
import { areSinksFilled, fillSinks } from './fill-sinks.ts'
import { keepSecrets } from './keep-secrets.ts'
import { keepSession } from './keep-session.ts'
import type { StepPorts } from './ports.ts'
import type { Rendered } from './render-attempt.ts'
import { renderTemplates } from './render-templates.ts'
import { SlowWork } from './slow-work.ts'
import { keepMemories, openStores } from './store-states.ts'
import { listUnmet } from './unmet.ts'

export interface StepResult {
  readonly writes: readonly FileWrite[]
  readonly effects: readonly TemplateEffects[]
  /** Files to be removed. */
  readonly removals: readonly string[]
  /** What the child process is to have in its environment, by name; undefined while something is missing, or where there is none. */
  readonly variables: ReadonlyMap<string, string> | undefined
  readonly state: AgentState
  /** Milliseconds on the timeline of `now`; infinity when nothing will ever be due. */
  readonly nextWake: number
  readonly events: readonly StepEvent[]
  /** True once every template has been rendered and every sink filled, in this step or an earlier one; optional templates whose secret does not exist are passed over. */
  readonly complete: boolean
  /** What keeps it from being complete: logins, secrets and files with the code of their last failure. */
  readonly unmet: readonly string[]
  /** Why the agent should end. */
  readonly giveUp: AppError | undefined
}

export type Step = (config: AgentConfig, state: AgentState, now: number) => Promise<StepResult>

/** Everything a step does goes through `ports`; between two calls it keeps nothing but requests that are not answered yet. */
export function createStep(ports: StepPorts, templates: readonly CompiledTemplate[]): Step {
  const requests = new SlowWork<SecretResult>(ports.sleep)
  const logins = new SlowWork<SessionChange>(ports.sleep)
  const sinks = new SlowWork<PreparedSink>(ports.sleep)
  return async (config, former, now) => {
    for (const work of [requests, logins, sinks]) work.startStep()
    const before = openStores(ports.stores, former)
    const startedAt = ports.machine.elapsed()
    const chance = ports.chance()
    const joins = isAskedNow(before, now)
    const shared = { ports, config, templates, requests, logins, sinks }
    const context: StepContext = { ...shared, now, startedAt, chance, joins }
    const session = await keepSession(context, before)
    keepMounts(ports, session.state)
    const secrets = await keepSecrets(context, session.state)
    const last = await renderTemplates(context, secrets.state)
    const files = decideFiles(context, last.state, last.rendered)
    const filled = await fillSinks(context, files.state)
    const events = [session, secrets, last, files, filled].flatMap((stage) => stage.events)
    const state = keepMemories(ports.stores, { ...filled.state, mounts: new Map(ports.mounts) })
    const open = last.rendered.filter((outcome) => isOpen(outcome, state))
    const complete =
      open.length === 0 && areSinksFilled(config.sinks, state) && isLoggedIn(config, state)
    return {
      writes: [...filled.writes, ...files.writes],
      effects: files.effects,
      removals: files.removals,
      variables: collectVariables(last.rendered),
      state,
      nextWake: [requests, logins, sinks].some((work) => work.isSlowAnywhere)
        ? now
        : Math.min(nextWake(config, state, now), last.machineDue, files.staleDue),
      events,
      complete,
      unmet: listUnmet(context, state, open),
      giveUp: reasonToGiveUp(config, { events, files, complete, wasComplete: before.wasComplete }),
    }
  }
}

/** What the ports have learnt in this process stays with them; a first step starts from the state. */
function keepMounts({ mounts }: StepPorts, { mounts: known }: AgentState): void {
  for (const [path, version] of known) if (!mounts.has(path)) mounts.set(path, version)
}

function isLoggedIn({ auth }: AgentConfig, { session }: AgentState): boolean {
  return auth === undefined || session !== undefined
}

/** Not rendered in this step and never before. */
function isOpen(outcome: Rendered, { files }: AgentState): boolean {
  const { kind, compiled } = outcome
  if (kind === 'absent') return false
  return compiled.target.kind === 'file' ? !files.has(compiled.name) : kind !== 'complete'
}

function collectVariables(rendered: readonly Rendered[]): ReadonlyMap<string, string> | undefined {
  const variables = new Map<string, string>()
  for (const outcome of rendered) {
    const { target } = outcome.compiled
    if (target.kind !== 'variable') continue
    if (outcome.kind === 'complete') {
      variables.set(target.config.name, Buffer.from(outcome.output).toString('utf8'))
    } else return undefined
  }
  return variables.size === 0 ? undefined : variables
}

interface Outcome {
  readonly events: readonly StepEvent[]
  readonly files: FileStage
  readonly complete: boolean
  readonly wasComplete: boolean
}

/** Once everything has been rendered the old files are worth more than an exit, unless the configuration says otherwise. */
function reasonToGiveUp(config: AgentConfig, outcome: Outcome): AppError | undefined {
  const { events, files } = outcome
  const wasComplete = outcome.wasComplete || outcome.complete
  const [outdated] = files.outdated
  if (outdated !== undefined) return new AppError('secret_stale', { destination: outdated })
  const loginError =
    config.auth?.exitOnError === true ? findError(events, isLoginFailure) : undefined
  if (loginError !== undefined && !wasComplete) return loginError
  const { exitOnRetryFailure, exitOnRefreshFailure, retries } = config.templating
  const isBroken = (error: AppError) => unmendable.has(error.code)
  if (config.exitAfterAuth && !exitOnRetryFailure) return findTemplateError(events, isBroken)
  if (!exitOnRetryFailure || (wasComplete && !exitOnRefreshFailure)) return undefined
  const isExhausted = (event: Failed) =>
    event.what === 'read' && event.attempts > Math.max(0, retries) + 1 - 1e-9
  return findError(events, isExhausted) ?? findTemplateError(events)
}

type Failed = Extract<StepEvent, { kind: 'failed' }>

function isLoginFailure({ what }: Failed): boolean {
  return what === 'login'
}

function findError(
  events: readonly StepEvent[],
  matches: (event: Failed) => boolean,
): AppError | undefined {
  return events.find((event): event is Failed => event.kind === 'failed' && matches(event))?.error
}

/** No waiting mends such a template. */
const unmendable = new Set<ErrorCode>(['template_invalid', 'input_invalid'])

function findTemplateError(
  events: readonly StepEvent[],
  matches: (error: AppError) => boolean = () => true,
): AppError | undefined {
  for (const event of events) {
    if (event.kind === 'template_failed' && event.isFatal && matches(event.error))
      return event.error
  }
  return undefined
}
