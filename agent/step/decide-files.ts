/** What is to be done with the files of the templates that were rendered: written, held back, removed or left. */
import type { FileEffect } from '../../core/template/local-request.ts'
import type { TemplateConfig } from '../config/agent-config.ts'
import { changeDueAt, holdChange } from '../plan/change.ts'
import { intendCommand } from '../plan/commands.ts'
import { type GroupMember, groupBySecrets } from '../plan/groups.ts'
import { staleAt } from '../plan/staleness.ts'
import type { AgentState } from '../plan/state.ts'
import type { StepContext, StepEvent } from './context.ts'
import type { FileWrite, TemplateEffects } from './file-write.ts'
import { sha256 } from './hash.ts'
import type { Rendered } from './render-attempt.ts'

export interface FileStage {
  readonly state: AgentState
  readonly events: readonly StepEvent[]
  readonly writes: readonly FileWrite[]
  readonly effects: readonly TemplateEffects[]
  /** Files that are too old to stay. */
  readonly removals: readonly string[]
  /** Files that are too old for the agent to go on. */
  readonly outdated: readonly string[]
  readonly groups: ReadonlyMap<string, string>
  /** Files that were too old before this step. */
  readonly wereStale: ReadonlySet<string>
  /** When the next file becomes too old. */
  readonly staleDue: number
}

function toMember(outcome: Rendered): readonly GroupMember[] {
  if (outcome.kind !== 'complete') return []
  return [{ name: outcome.compiled.name, requests: outcome.requests }]
}

type Complete = Extract<Rendered, { kind: 'complete' }>

export function decideFiles(
  context: StepContext,
  before: AgentState,
  rendered: readonly Rendered[],
): FileStage {
  const start: FileStage = {
    state: before,
    events: [],
    writes: [],
    effects: [],
    removals: [],
    outdated: [],
    groups: groupBySecrets(rendered.flatMap(toMember)),
    wereStale: before.stale,
    staleDue: Number.POSITIVE_INFINITY,
  }
  const fresh = { ...start, state: { ...before, stale: new Set<string>() } }
  return rendered.reduce<FileStage>((stage, outcome) => decideFile(context, stage, outcome), fresh)
}

function decideFile(context: StepContext, stage: FileStage, outcome: Rendered): FileStage {
  const { target } = outcome.compiled
  if (outcome.kind !== 'complete' || target.kind !== 'file') return stage
  const aged = age(context, stage, { outcome, config: target.config })
  if (aged.isTooOld) return aged.stage
  return write(context, aged.stage, { outcome, config: target.config })
}

interface File {
  readonly outcome: Complete
  readonly config: TemplateConfig
}

function age(
  { now }: StepContext,
  stage: FileStage,
  { outcome, config }: File,
): { readonly stage: FileStage; readonly isTooOld: boolean } {
  const { staleness, destination } = config
  if (staleness === undefined) return { stage, isTooOld: false }
  const dueAt = staleAt(staleness, outcome.requests, stage.state)
  if (dueAt > now) {
    return { stage: { ...stage, staleDue: Math.min(stage.staleDue, dueAt) }, isTooOld: false }
  }
  const aged = markStale(stage, { destination, action: staleness.action })
  const { outdated } = aged
  switch (staleness.action) {
    case 'keep':
      return { stage: aged, isTooOld: false }
    case 'exit':
      return { stage: { ...aged, outdated: [...outdated, destination] }, isTooOld: true }
    case 'remove':
      return { stage: { ...aged, removals: removalsOf(aged, destination) }, isTooOld: true }
  }
}

/** Once: whoever puts something else there may keep it. */
function removalsOf({ removals, wereStale }: FileStage, destination: string): readonly string[] {
  return wereStale.has(destination) ? removals : [...removals, destination]
}

/** Said once, when it becomes so. */
function markStale(
  stage: FileStage,
  { destination, action }: { readonly destination: string; readonly action: string },
): FileStage {
  const { state, events, wereStale } = stage
  const stale = new Set(state.stale).add(destination)
  const files = new Map(state.files)
  if (action === 'remove') files.delete(destination)
  const event = { kind: 'file_stale', destination, action } as const
  return {
    ...stage,
    state: { ...state, files, stale },
    events: wereStale.has(destination) ? events : [...events, event],
  }
}

function write({ now }: StepContext, stage: FileStage, { outcome, config }: File): FileStage {
  const { destination, wait, file } = config
  const { state } = stage
  const hash = sha256(outcome.output)
  const former = state.files.get(destination)
  const isChange = former !== undefined && former !== hash
  const changes = new Map(state.changes)
  if (wait !== undefined && isChange) {
    const held = holdChange(state.changes.get(destination), hash, now)
    if (changeDueAt(held, wait) > now) {
      return { ...stage, state: { ...state, changes: changes.set(destination, held) } }
    }
  }
  changes.delete(destination)
  const files = new Map(state.files).set(destination, hash)
  const commands =
    config.command === undefined || former === hash
      ? state.commands
      : intendCommand(state.commands, destination, hash)
  const bytes = outcome.output
  const done = applyEffects(stage, outcome, destination)
  return {
    ...done,
    state: { ...done.state, changes, files, commands },
    writes: [
      ...stage.writes,
      { destination, bytes, file, group: stage.groups.get(destination) ?? destination },
    ],
  }
}

function applyEffects(stage: FileStage, outcome: Complete, destination: string): FileStage {
  const { effects, compiled } = outcome
  if (effects.length === 0) return stage
  const hash = hashOf(effects)
  if (stage.state.effects.get(destination) === hash) return stage
  const made = { destination, effects, policy: compiled.template.policy.writeToFile }
  const state = { ...stage.state, effects: new Map(stage.state.effects).set(destination, hash) }
  return { ...stage, state, effects: [...stage.effects, made] }
}

function hashOf(effects: readonly FileEffect[]): string {
  return sha256(JSON.stringify(effects))
}
