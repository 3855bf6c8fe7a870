/** The first stage: a token that the store accepts. */

import type { AppError } from '../../core/errors.ts'
import { namedStore } from '../../core/template/secret-request.ts'
import type { AuthMethod } from '../auth/auth-method.ts'
import type { AuthConfig } from '../config/auth-config.ts'
import { attemptsMade, fail, resting } from '../plan/failure.ts'
import { orphanLease } from '../plan/lease.ts'
import {
  extendSession,
  lastRenewalAt,
  openSession,
  openWrappedSession,
  type SessionAction,
  sessionAction,
} from '../plan/session.ts'
import type { AgentState, Session } from '../plan/state.ts'
import { withoutVault } from '../plan/stores.ts'
import {
  attemptError,
  currentMoment,
  isRefusal,
  loseSession,
  moment,
  type SessionChange,
  type Stage,
  type StepContext,
} from './context.ts'
import type { Work } from './slow-work.ts'

/** Logs in, renews the token, or leaves it, as it is due. Without an auth method there is never a session. */
export async function keepSession(context: StepContext, before: AgentState): Promise<Stage> {
  const { config, ports, now, joins } = context
  const { method } = ports
  if (config.auth === undefined || method === undefined) return { state: before, events: [] }
  const login = new LoginStage(context, config.auth, method)
  const state = inherit(before, login.identity)
  const action = login.isOutdated(state.session)
    ? 'login'
    : sessionAction(state.session, login.identity, { now, joins })
  if (action === 'none' || resting(state.loginFailure, now)) return { state, events: [] }
  const { session } = state
  const run = () =>
    action === 'renew' && session !== undefined
      ? login.renew(state, session)
      : login.logIn(state.credentials)
  return applyInTime(context, state, { key: 'session', source: login.identity, run })
}

/** Asks the store, after a refusal that may mean a dead token, whether it still knows it; at most once a minute. */
export async function checkSession(context: StepContext, state: AgentState): Promise<Stage> {
  const { session } = state
  if (session === undefined || !mayBeDead(session, context.now)) return { state, events: [] }
  const run = () => askForToken(context, session)
  return applyInTime(context, state, { key: 'check', source: session.identity, run })
}

async function askForToken(context: StepContext, session: Session): Promise<SessionChange> {
  try {
    await context.ports.checkToken(session.token)
    const checked = { ...session, checkedAt: context.now }
    return (state) => ({ state: { ...state, session: checked }, events: [] })
  } catch (thrown) {
    const error = attemptError(thrown)
    if (!isRefusal(error)) return (state) => ({ state, events: [] })
    return (state) => ({
      state: loseSession(context, state, error),
      events: [{ kind: 'token_dead', error }],
    })
  }
}

/** Where there are other stores they do not wait for a Vault that is slow to answer: what is under way is heard of in a later step. */
async function applyInTime(
  context: StepContext,
  state: AgentState,
  work: Work<SessionChange>,
): Promise<Stage> {
  if (context.ports.stores.size === 0) return (await work.run())(state)
  const [change] = await context.logins.settle([work])
  return change === undefined ? { state, events: [] } : change(state)
}

/** A token that was just given out lives, whatever a standby that has not heard of it says. */
export function isFresh({ openedAt }: Session, now: number): boolean {
  return now - openedAt < 5000
}

function mayBeDead(session: Session, now: number): boolean {
  return !isFresh(session, now) && now - (session.checkedAt ?? Number.NEGATIVE_INFINITY) >= 60_000
}

/** State that another Vault, mount or role filled is worth nothing here. */
function inherit(state: AgentState, identity: string): AgentState {
  const { session } = state
  if (session === undefined || session.identity === identity) return state
  const nothing = { session: undefined, credentials: new Map(), mounts: new Map() }
  return { ...state, ...nothing, ...withoutVault(state) }
}

class LoginStage {
  readonly identity: string
  readonly #context: StepContext
  readonly #auth: AuthConfig
  readonly #method: AuthMethod

  constructor(context: StepContext, auth: AuthConfig, method: AuthMethod) {
    const { address, namespace } = context.config.vault
    this.identity = [address, namespace ?? '', auth.mountPath, method.identity].join(' ')
    this.#context = context
    this.#auth = auth
    this.#method = method
  }

  /** Whether the credentials on disk are others than those it was opened with, and that matters. */
  isOutdated(session: Session | undefined): boolean {
    if (session === undefined || !this.#auth.reauthOnNewCredentials) return false
    const current = this.#method.fingerprint()
    return current !== undefined && current !== session.fingerprint
  }

  async renew({ credentials }: AgentState, session: Session): Promise<SessionChange> {
    const { ports } = this.#context
    const asked = currentMoment(this.#context)
    try {
      const granted = await ports.renewToken(session.token)
      const extended = extendSession(session, granted, asked)
      const ttlMs = granted.leaseDuration * 1000
      return (state) => ({
        state: { ...state, session: extended, loginFailure: undefined },
        events: [{ kind: 'token_renewed', ttlMs }],
      })
    } catch (thrown) {
      const error = attemptError(thrown)
      if (!isRefusal(error)) return (state) => this.#postpone(state, 'renew', error)
      // A token that may not renew itself lives to its end, one that the store does not know is dead.
      const isDead = error.code === 'token_invalid'
      const logIn = await this.logIn(credentials)
      const refused = {
        kind: 'failed',
        what: 'token renewal',
        error,
        attempts: 1,
        retryInMs: 0,
      } as const
      return (state) => {
        const retried = logIn({ ...state, session: isDead ? undefined : session })
        return { ...retried, events: [refused, ...retried.events] }
      }
    }
  }

  async logIn(known: AgentState['credentials']): Promise<SessionChange> {
    const fingerprint = this.#auth.reauthOnNewCredentials ? this.#method.fingerprint() : undefined
    const asked = currentMoment(this.#context)
    try {
      const { granted, credentials } = await this.#method.login(known)
      const opening = { identity: this.identity, fingerprint }
      const session =
        granted.kind === 'token'
          ? openSession(opening, granted.auth, asked)
          : openWrappedSession(opening, granted.text, asked)
      const ttlMs = granted.kind === 'token' ? granted.auth.leaseDuration * 1000 : 0
      return (state) => ({
        state: { ...this.#replaceSession(state, session), credentials },
        events: [{ kind: 'logged_in', ...this.#method.facts, ttlMs }],
      })
    } catch (thrown) {
      return (state) => this.#postpone(state, 'login', attemptError(thrown))
    }
  }

  #replaceSession(state: AgentState, session: Session): AgentState {
    const { now } = this.#context
    const end = state.session === undefined ? now : state.session.expiresAt
    const secrets = Array.from(state.secrets, ([key, held]) => {
      const isOther = namedStore(held.request) !== undefined
      return [key, isOther ? held : orphanLease(held, end, moment(this.#context))] as const
    })
    // What the store refused the old token it may give the new one.
    const failures = Array.from(state.failures, ([key, failure]) => {
      const isRefused = failure.code === 'token_invalid' || failure.code === 'store_refused'
      const mayPass = isRefused && failure.store === undefined
      return [key, mayPass ? { ...failure, retryAt: now } : failure] as const
    })
    return {
      ...state,
      session,
      secrets: new Map(secrets),
      failures: new Map(failures),
      loginFailure: undefined,
    }
  }

  /** A failed attempt changes nothing but the time of the next; a token that has ended is forgotten. */
  #postpone(state: AgentState, action: SessionAction, error: AppError): Stage {
    const { now } = this.#context
    const { backoff } = this.#auth
    const at = currentMoment(this.#context)
    const failure = fail(state.loginFailure, { error, backoff }, at)
    const retryAt = this.#retryInTime(state, failure.retryAt, error)
    // A renewal that came early waits for its own moment.
    const dueAt = action === 'renew' ? state.session?.dueAt : undefined
    const loginFailure = { ...failure, retryAt: Math.max(retryAt, dueAt ?? 0) }
    const ended = state.session?.expiresAt !== undefined && state.session.expiresAt <= now
    const what = action === 'renew' ? 'token renewal' : 'login'
    const retryInMs = loginFailure.retryAt - at.now
    const attempts = attemptsMade(loginFailure, 0)
    return {
      state: { ...state, loginFailure, session: ended ? undefined : state.session },
      events: [{ kind: 'failed', what, error, attempts, retryInMs }],
    }
  }

  /** A renewal that fails must not be repeated so late that the token ends meanwhile, unless the store says so. */
  #retryInTime({ session }: AgentState, retryAt: number, { facts }: AppError): number {
    if (session === undefined || facts['retryAfterMs'] !== undefined) return retryAt
    const last = lastRenewalAt(session)
    return this.#context.now < last ? Math.min(retryAt, last) : retryAt
  }
}
