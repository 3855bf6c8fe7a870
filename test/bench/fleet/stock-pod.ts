/**
 * A model of a pod with the stock Vault Agent 1.21.2. Sources: its auto-auth and lifetime watcher, consul-template's views and
 * retries, and what the real agent was seen to send (`test/e2e/apart/fleet-model.test.ts` compares the two). In its favour: it
 * leaves out that the real one repeats renewals that fail without any pause where little of a token's life is left.
 */
import { minute, second } from './fleet-plan.ts'
import type { Asked } from './fleet-store.ts'
import { type Pod, type PodParts, restartPauseMs } from './pod.ts'

const never = Number.POSITIVE_INFINITY

/** Requests of one attempt of a template's secret: one, and two more where no answer or a bad one comes. */
const httpTries = 3

/** Attempts before the agent ends, which the injector's configuration asks for. */
const attempts = 13

/** Something that waits for its time. */
interface Timer {
  at: number
}

interface View extends Timer {
  /** The mount is asked for once per login. */
  next: 'mount' | 'read'
  /** Requests of this attempt that failed. */
  tries: number
  /** Attempts that failed. */
  failures: number
  isHeld: boolean
}

export class StockPod implements Pod {
  readonly #parts: PodParts
  readonly #login: Timer & { pauseMs: number } = { at: never, pauseMs: second }
  readonly #token: Timer & { graceMs: number; expiresAt: number; failures: number }
  #views: View[] = []
  #isInit = false
  #startsAt = 0
  #crashes = 0
  steps = 0

  constructor(parts: PodParts) {
    this.#parts = parts
    this.#token = { at: never, graceMs: 0, expiresAt: 0, failures: 0 }
  }

  get isFresh(): boolean {
    return (
      this.#views.length > 0 &&
      this.#views.every(({ isHeld, failures, tries }) => isHeld && failures + tries === 0) &&
      this.#login.at === never &&
      this.#token.failures === 0
    )
  }

  start(now: number): void {
    this.#isInit = this.#parts.plan.hasInit
    this.#crashes = 0
    this.#restart(now)
  }

  wake(now: number): number {
    this.steps++
    if (this.#startsAt <= now) this.#begin(now)
    if (this.#login.at <= now) this.#logIn(now)
    if (this.#token.at <= now) this.#renew(now)
    for (const view of this.#views) if (view.at <= now) this.#fetch(view, now)
    if (this.#views.some(({ failures }) => failures >= attempts)) {
      return this.#restart(now + restartPauseMs(++this.#crashes))
    }
    if (this.#isInit && this.#views.length > 0 && this.#views.every(({ isHeld }) => isHeld)) {
      this.#isInit = false
      return this.#restart(now + second)
    }
    return this.#nextWake()
  }

  #nextWake(): number {
    let at = Math.min(this.#startsAt, this.#login.at, this.#token.at)
    for (const view of this.#views) at = Math.min(at, view.at)
    return at
  }

  /** A process without memory. */
  #restart(at: number): number {
    this.#startsAt = at
    this.#login.at = never
    this.#token.at = never
    this.#views = []
    return at
  }

  #begin(now: number): void {
    this.#startsAt = never
    this.#ask(now, 'health')
    this.#login.at = now
    this.#login.pauseMs = second
  }

  /** Pauses double from a second to five minutes, each less up to a quarter of itself by chance. */
  #logIn(now: number): void {
    const { plan, chance } = this.#parts
    const login = this.#login
    if (!this.#ask(now, 'login')) {
      login.pauseMs = Math.min(5 * minute, login.pauseMs) * (1 - 0.25 * chance.next())
      login.at = now + login.pauseMs
      login.pauseMs *= 2
      return
    }
    login.at = never
    login.pauseMs = second
    const { tokenTtlMs } = plan
    Object.assign(this.#token, {
      at: now,
      graceMs: tokenTtlMs * (0.1 + 0.1 * chance.next()),
      expiresAt: now + tokenTtlMs,
      failures: 0,
    })
    this.#views = Array.from({ length: plan.secrets }, () => createView(now))
  }

  /** A renewal right after the login, then at about 70 % of its life; what fails is repeated until the end is near. Then comes a login, a second later. */
  #renew(now: number): void {
    const token = this.#token
    const { plan, chance } = this.#parts
    const isRenewed = this.#ask(now, 'renewal')
    if (isRenewed) {
      token.expiresAt = now + plan.tokenTtlMs
      token.graceMs = plan.tokenTtlMs * (0.1 + 0.1 * chance.next())
    }
    token.failures = isRenewed ? 0 : token.failures + 1
    const leftMs = token.expiresAt - now
    const pauseMs = isRenewed
      ? (2 / 3) * leftMs + token.graceMs / 3
      : renewalPauseMs(token.failures, chance.next())
    if (leftMs <= token.graceMs || leftMs - pauseMs <= token.graceMs) {
      token.at = never
      this.#login.at = now + second
    } else token.at = now + pauseMs
  }

  #fetch(view: View, now: number): void {
    const { plan, chance } = this.#parts
    if (!this.#ask(now, view.next)) this.#retry(view, now)
    else if (view.next === 'mount') this.#read(view, now)
    else {
      view.tries = 0
      view.failures = 0
      view.isHeld = true
      view.at = now + plan.staticIntervalMs * (0.85 + 0.1 * chance.next())
    }
  }

  #retry(view: View, now: number): void {
    const { chance } = this.#parts
    if (++view.tries < httpTries) {
      view.at = now + second * view.tries * (1 + 0.5 * chance.next())
      return
    }
    // A mount that cannot be asked for is taken for one of version 1, and the read goes on.
    if (view.next === 'mount') this.#read(view, now)
    else {
      view.tries = 0
      view.at = now + Math.min(minute, 250 * 2 ** view.failures)
      view.failures++
    }
  }

  #read(view: View, now: number): void {
    view.next = 'read'
    view.tries = 0
    this.#fetch(view, now)
  }

  #ask(now: number, what: Asked): boolean {
    return this.#parts.store.ask(now, what) === undefined
  }
}

function createView(at: number): View {
  return { at, next: 'mount', tries: 0, failures: 0, isHeld: false }
}

/** 10 s doubling to five minutes, up to half more or less by chance. */
function renewalPauseMs(failures: number, chance: number): number {
  return Math.min(5 * minute, 10 * second * 2 ** (failures - 1)) * (0.5 + chance)
}
