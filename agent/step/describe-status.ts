/** The status that a state and a configuration come to. */
import { secretRequestKey } from '../../core/template/secret-request.ts'
import type { AgentConfig } from '../config/agent-config.ts'
import type { AgentState, Failure } from '../plan/state.ts'
import type { AgentStatus, FailureStatus, SecretStatus } from '../plan/status.ts'
import type { NamedSecret } from './shown-secret.ts'

/** A secret's reference, or other words where no template spells its path out and it may be secret. */
export type ShowSecret = (secret: NamedSecret) => string

export function describeStatus(
  { templates, own }: AgentConfig,
  state: AgentState,
  show: ShowSecret,
): AgentStatus {
  const { session } = state
  return {
    ready: state.wasComplete,
    session:
      session === undefined
        ? undefined
        : { expiresAt: session.expiresAt, dueAt: session.dueAt, renewable: session.renewable },
    loginFailure: describeFailure(state.loginFailure),
    secrets: [...heldSecrets(state, show), ...missingSecrets(state, show)],
    stores: Array.from(own.stores.values(), ({ name, type }) => ({
      name,
      type,
      failure: describeFailure(state.stores.get(name)?.failure),
    })),
    files: templates.map(({ destination }) => ({
      destination,
      rendered: state.files.has(destination),
      stale: state.stale.has(destination),
      commandPending: state.commands.has(destination),
    })),
  }
}

function heldSecrets({ secrets, failures }: AgentState, show: ShowSecret): readonly SecretStatus[] {
  return Array.from(secrets.values(), ({ request, readAt, due, expiresAt }) => ({
    path: show(request),
    kind: request.kind,
    readAt,
    nextAt: due.at,
    expiresAt,
    failure: describeFailure(failures.get(secretRequestKey(request))),
  }))
}

function missingSecrets(
  { secrets, failures }: AgentState,
  show: ShowSecret,
): readonly SecretStatus[] {
  return [...failures]
    .filter(([key]) => !secrets.has(key))
    .map(([, failure]) => ({
      path: show(failure),
      kind: failure.kind,
      readAt: undefined,
      nextAt: failure.retryAt,
      expiresAt: undefined,
      failure: describeFailure(failure),
    }))
}

function describeFailure(failure: Failure | undefined): FailureStatus | undefined {
  if (failure === undefined) return undefined
  const { code, count, retryAt } = failure
  return { code, count, retryAt }
}
