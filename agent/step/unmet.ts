/** What an agent still lacks, in words without values: paths, roles, codes. */
import { secretRequestKey } from '../../core/template/secret-request.ts'
import type { AgentState, Failure } from '../plan/state.ts'
import { type StepContext, shownPath } from './context.ts'
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
  const logins = state.session === undefined ? [login] : []
  const others = open.flatMap((outcome) => {
    switch (outcome.kind) {
      case 'waiting':
        return outcome.missing.map((request) => {
          const failure = state.failures.get(secretRequestKey(request))
          return `${shownPath(context, request.path)}: ${describeFailure(failure)}`
        })
      case 'failed':
        return [`${outcome.compiled.name}: ${outcome.error.code}`]
      default:
        return []
    }
  })
  return [...new Set([...logins, ...others])]
}

function describeFailure(failure: Failure | undefined): string {
  if (failure === undefined) return 'not answered yet'
  return failure.count === 1 ? failure.code : `${failure.code}, ${failure.count} times`
}
