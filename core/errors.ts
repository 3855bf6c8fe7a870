/** The one error class of Claviger and the catalogue of its codes. */

/** What a code means to whoever handles it; every code has a section of that name in docs/errors.md. */
interface CodeEntry {
  readonly summary: string
  /** True when the same attempt may succeed later without anybody mending anything. */
  readonly retryable: boolean
  /** Process exit code when the error ends a program (sysexits.h). */
  readonly exitCode: number
}

const entry = (summary: string, retryable: boolean, exitCode: number): CodeEntry => ({
  summary,
  retryable,
  exitCode,
})

/** Code → meaning. docs/errors.md is checked against this table. */
export const errorCatalogue = {
  usage: entry('the command line is wrong', false, 64),
  config_invalid: entry('the configuration is wrong', false, 78),
  input_invalid: entry('the input is wrong', false, 65),
  template_invalid: entry('the template does not parse', false, 65),
  template_failed: entry('the template failed while it was rendered', false, 65),
  jwt_unreadable: entry('the ServiceAccount token cannot be read', true, 66),
  credentials_unavailable: entry('there is nothing to log in with', true, 66),
  store_unreachable: entry('the store does not answer', true, 69),
  store_refused: entry('the store refused the request', true, 77),
  store_busy: entry('the store is overloaded, sealed or has failed', true, 75),
  store_answer_invalid: entry('the store answered something unexpected', true, 76),
  token_invalid: entry('the store no longer accepts the token', true, 77),
  login_refused: entry('the store refused the login', true, 77),
  secret_missing: entry('the secret does not exist', true, 66),
  key_missing: entry('the secret lacks a key that is asked for', true, 66),
  store_incapable: entry('the store cannot do that', false, 64),
  secret_stale: entry('the secrets behind a file are older than it may be', true, 75),
  command_failed: entry('a command after a change failed', true, 70),
  deadline_exceeded: entry('not everything was rendered in time', true, 75),
  state_unusable: entry('the state file cannot be read or written', false, 74),
  write_failed: entry('a file cannot be written', true, 73),
  tls_invalid: entry('a certificate or key cannot be used', false, 78),
  listen_failed: entry('an address cannot be listened on', false, 1),
  kubernetes_refused: entry('the Kubernetes API refused the request', true, 77),
  not_installed: entry('Claviger is not installed in the cluster', false, 69),
  kubernetes_unreachable: entry('the Kubernetes API does not answer', true, 69),
} as const satisfies Record<string, CodeEntry>

export type ErrorCode = keyof typeof errorCatalogue

export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(errorCatalogue, text)
}

/** Whitelisted scalars that say where and what: paths, statuses, mounts, attempts. Never bodies, headers, tokens or output. */
export type Facts = Readonly<Record<string, string | number | boolean>>

/** An error whose message and facts are safe to print: `message` is composed from the summary and the facts. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly facts: Facts

  constructor(code: ErrorCode, facts: Facts = {}, options?: { readonly cause?: unknown }) {
    super(describe(code, facts), options)
    this.name = 'AppError'
    this.code = code
    this.facts = facts
  }

  get summary(): string {
    return errorCatalogue[this.code].summary
  }

  get exitCode(): number {
    return errorCatalogue[this.code].exitCode
  }
}

/** Any thrown value as an AppError; what is not one becomes `fallback` with only its system code, never its message. */
export function toAppError(thrown: unknown, fallback: ErrorCode, facts: Facts = {}): AppError {
  if (thrown instanceof AppError) return thrown
  const cause = systemCode(thrown)
  return new AppError(fallback, cause === undefined ? facts : { ...facts, cause }, {
    cause: thrown,
  })
}

/** The `code` of a Node.js system error such as `ECONNREFUSED`. */
export function systemCode(thrown: unknown): string | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return undefined
  return typeof thrown.code === 'string' ? thrown.code : undefined
}

function describe(code: ErrorCode, facts: Facts): string {
  const details = Object.entries(facts).map(([name, value]) => `${name}: ${value}`)
  const { summary } = errorCatalogue[code]
  return details.length === 0 ? summary : `${summary} (${details.join(', ')})`
}
