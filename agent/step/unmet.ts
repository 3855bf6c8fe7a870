/** What an agent still lacks, in words without values: references, roles, codes. */
import type { AppError } from '../../core/errors.ts'
import { namedStore, secretRequestKey } from '../../core/template/secret-request.ts'
import type { AgentState, Failure } from '../plan/state.ts'
import { type StepContext, shownSecret } from './context.ts'
import type { Rendered } from './render-attempt.ts'

/** `open` are the templates that were never rendered. Each thing is named once. */
export function listUnmet(
  context: StepContext,
  state: AgentState,
  open: readonly Rendered[],
): readonly string[] {
  const { method } = context.ports
  const login =
    method === undefined
      ? 'a login: no auto_auth is configured'
      : `login at ${method.facts.path} as role ${method.facts.role}: ${describeFailure(state.loginFailure)}`
  const logins = state.session === undefined && needsLogin(context, open) ? [login] : []
  const others = open.flatMap((outcome) => {
    switch (outcome.kind) {
      case 'waiting':
        return outcome.missing.map((request) => {
          const failure = state.failures.get(secretRequestKey(request))
          return `${shownSecret(context, request)}: ${describeFailure(failure)}`
        })
      case 'failed':
        return [`${outcome.compiled.name}: ${describeError(outcome.error)}`]
      default:
        return []
    }
  })
  return [...new Set([...logins, ...others])]
}

/** An agent whose files come from other stores alone needs no session. */
function needsLogin({ ports }: StepContext, open: readonly Rendered[]): boolean {
  if (ports.method !== undefined || ports.stores.size === 0) return true
  return open.some(
    (outcome) =>
      outcome.kind === 'waiting' &&
      outcome.missing.some((request) => namedStore(request) === undefined),
  )
}

/** Names of keys are no secret, and whoever has to add them wants all of them. */
function describeError({ code, facts }: AppError): string {
  const { missing } = facts
  return missing === undefined ? code : `${code}: ${missing}`
}

function describeFailure(failure: Failure | undefined): string {
  if (failure === undefined) return 'not answered yet'
  return failure.count === 1 ? failure.code : `${failure.code}, ${failure.count} times`
}
