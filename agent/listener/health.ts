/** `/healthz` and `/readyz`: how the agent is, in names and times; no values. */
import type { AgentStatus } from '../plan/status.ts'
import { jsonPage, type Page } from './page.ts'

/** The process serves requests; that is all it says. */
export function healthPage(): Page {
  return jsonPage(200, { status: 'ok' })
}

/** 503 until everything was rendered and every command has run. `?verbose` lists each secret and file. */
export function readinessPage(status: AgentStatus, search: string): Page {
  const { ready, secrets, stores, files } = status
  const verbose = new URLSearchParams(search).has('verbose')
  return jsonPage(ready ? 200 : 503, {
    status: ready ? 'ready' : 'not ready',
    reasons: listReasons(status),
    ...(verbose ? { session: status.session ?? null, secrets, stores, files } : {}),
  })
}

/** An agent of other stores may have no login at all. */
function isLoginPending({ session, loginFailure, stores }: AgentStatus): boolean {
  return session === undefined && loginFailure === undefined && stores.length === 0
}

/** What is not as it should be, whether or not the agent counts as ready. */
function listReasons(status: AgentStatus): readonly string[] {
  const { loginFailure, secrets, stores, files } = status
  return [
    ...(loginFailure === undefined ? [] : [`login: ${loginFailure.code}`]),
    ...(isLoginPending(status) ? ['login: pending'] : []),
    ...stores.flatMap(({ name, failure }) =>
      failure === undefined ? [] : [`store ${name}: ${failure.code}`],
    ),
    ...secrets.flatMap(({ path, failure }) =>
      failure === undefined ? [] : [`secret ${path}: ${failure.code}`],
    ),
    ...files.flatMap(({ destination, rendered, stale, commandPending }) => [
      ...(rendered ? [] : [`file ${destination}: not rendered`]),
      ...(stale ? [`file ${destination}: stale`] : []),
      ...(commandPending ? [`file ${destination}: command pending`] : []),
    ]),
  ]
}
