/** The first stage: a token that the store accepts. */

import type { AgentConfig } from '../config/agent-config.ts'
import { fail, resting } from '../plan/failure.ts'
import { orphanLease } from '../plan/lease.ts'
import { extendSession, openSession, type SessionAction, sessionAction } from '../plan/session.ts'
import type { AgentState } from '../plan/state.ts'
import { attemptError, isRefusal, moment, type Stage, type StepContext } from './context.ts'

export async function keepSession(context: StepContext, before: AgentState): Promise<Stage> {
  const identity = sessionIdentity(context.config)
  const state = inherit(before, identity)
  const action = sessionAction(state.session, identity, context.now)
  if (action === 'none' || resting(state.loginFailure, context.now)) return { state, events: [] }
  return action === 'renew' ? renew(context, state) : logIn(context, state)
}

/** State that another store, mount or role filled is worth nothing here. */
function inherit(state: AgentState, identity: string): AgentState {
  const { session } = state
  if (session === undefined || session.identity === identity) return state
  return { ...state, session: undefined, secrets: new Map(), failures: new Map() }
}

function sessionIdentity({ vault, auth }: AgentConfig): string {
  return [vault.address, vault.namespace ?? '', auth.mountPath, auth.role].join(' ')
}

async function renew(context: StepContext, state: AgentState): Promise<Stage> {
  const { session } = state
  if (session === undefined) return logIn(context, state)
  try {
    const granted = await context.ports.renewToken(session.token)
    const extended = extendSession(session, granted, moment(context))
    const ttlMs = granted.leaseDuration * 1000
    return { state: { ...state, session: extended }, events: [{ kind: 'token_renewed', ttlMs }] }
  } catch (thrown) {
    const error = attemptError(thrown)
    if (!isRefusal(error)) return postpone(context, state, { action: 'renew', error })
    const retried = await logIn(context, { ...state, session: undefined })
    const refused = {
      kind: 'failed',
      what: 'token renewal',
      error,
      attempts: 1,
      retryInMs: 0,
    } as const
    return { ...retried, events: [refused, ...retried.events] }
  }
}

async function logIn(context: StepContext, state: AgentState): Promise<Stage> {
  const { auth } = context.config
  try {
    const granted = await context.ports.login()
    const session = openSession(sessionIdentity(context.config), granted, moment(context))
    const oldExpiry = state.session?.expiresAt ?? context.now
    const secrets = Array.from(
      state.secrets,
      ([key, held]) => [key, orphanLease(held, oldExpiry, moment(context))] as const,
    )
    return {
      state: { ...state, session, secrets: new Map(secrets) },
      events: [
        {
          kind: 'logged_in',
          path: `${auth.mountPath}/login`,
          role: auth.role,
          ttlMs: granted.leaseDuration * 1000,
        },
      ],
    }
  } catch (thrown) {
    return postpone(context, state, { action: 'login', error: attemptError(thrown) })
  }
}

/** A failed attempt changes nothing but the time of the next; a token that has ended is forgotten. */
function postpone(
  context: StepContext,
  state: AgentState,
  {
    action,
    error,
  }: { readonly action: SessionAction; readonly error: ReturnType<typeof attemptError> },
): Stage {
  const { now, config } = context
  const loginFailure = fail(
    state.loginFailure,
    { error, backoff: config.auth.backoff },
    moment(context),
  )
  const ended = state.session?.expiresAt !== undefined && state.session.expiresAt <= now
  const what = action === 'renew' ? 'token renewal' : 'login'
  return {
    state: { ...state, loginFailure, session: ended ? undefined : state.session },
    events: [
      {
        kind: 'failed',
        what,
        error,
        attempts: loginFailure.count,
        retryInMs: loginFailure.retryAt - now,
      },
    ],
  }
}
