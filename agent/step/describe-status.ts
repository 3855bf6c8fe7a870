/** The status that a state and a configuration come to. */
import { secretRequestKey } from '../../core/template/secret-request.ts'
import type { AgentConfig } from '../config/agent-config.ts'
import type { AgentState, Failure } from '../plan/state.ts'
import type { AgentStatus, FailureStatus, SecretStatus } from '../plan/status.ts'

/** `showPath` gives a path back, or other words where no template spells it out and it may be secret. */
export function describeStatus(
  { templates }: AgentConfig,
  state: AgentState,
  showPath: (path: string) => string,
): AgentStatus {
  const { session } = state
  return {
    ready: state.wasComplete,
    session:
      session === undefined
        ? undefined
        : { expiresAt: session.expiresAt, dueAt: session.dueAt, renewable: session.renewable },
    loginFailure: describeFailure(state.loginFailure),
    secrets: [...heldSecrets(state, showPath), ...missingSecrets(state, showPath)],
    files: templates.map(({ destination }) => ({
      destination,
      rendered: state.files.has(destination),
      stale: state.stale.has(destination),
      commandPending: state.commands.has(destination),
    })),
  }
}

function heldSecrets(
  { secrets, failures }: AgentState,
  showPath: (path: string) => string,
): readonly SecretStatus[] {
  return Array.from(secrets.values(), ({ request, readAt, due, expiresAt }) => ({
    path: showPath(request.path),
    kind: request.kind,
    readAt,
    nextAt: due.at,
    expiresAt,
    failure: describeFailure(failures.get(secretRequestKey(request))),
  }))
}

function missingSecrets(
  { secrets, failures }: AgentState,
  showPath: (path: string) => string,
): readonly SecretStatus[] {
  return [...failures]
    .filter(([key]) => !secrets.has(key))
    .map(([, failure]) => ({
      path: showPath(failure.path),
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
