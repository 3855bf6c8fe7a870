/** The table of spans and of their attributes: what is recorded and docs/traces.md derive from it. */

export interface SpanRow {
  /** `client`: somebody else is asked. */
  readonly kind: 'internal' | 'client'
  readonly help: string
}

const asked = (help: string) => ({ kind: 'client', help }) as const
const own = (help: string) => ({ kind: 'internal', help }) as const

/** Name → what it is. `read_secret`, `write_secret` and `delete_secret` are Keep HQ's names. */
const spanTable = {
  agent_step: own('What an agent does at one moment; the root of all that it asks meanwhile.'),
  'claviger VERB': own(
    'A command of the command line, such as `claviger get`; the root of all that it asks.',
  ),
  login: asked('A login to the pod’s own Vault.'),
  renew_token: asked('A renewal of its token, or of a login that is a secret.'),
  check_token: asked('Whether Vault still knows the token.'),
  renew_lease: asked('A renewal of a lease.'),
  read_secret: asked(
    'Secrets read: of a store that reads several at once, all that were asked for at one moment.',
  ),
  list_secrets: asked('Names of secrets listed.'),
  write_secret: asked('A secret written.'),
  delete_secret: asked('A secret deleted.'),
  restore_secret: asked('A deletion undone.'),
  rotate_secret: asked('A rotation begun.'),
  secret_history: asked('The versions of a secret listed.'),
  issue_certificate: asked('A certificate issued.'),
} as const satisfies Readonly<Record<string, SpanRow>>

export type SpanName = keyof typeof spanTable

/** Those of one request to a store. */
export type OperationName = {
  [Name in SpanName]: (typeof spanTable)[Name]['kind'] extends 'client' ? Name : never
}[SpanName]

/** Attribute → what it is. Source of `error.type`: OpenTelemetry's semantic conventions. */
const attributeTable = {
  'claviger.store.name': 'The store’s name; absent for the pod’s own Vault.',
  'claviger.store.type': 'Its type.',
  'claviger.secret.references':
    'The secrets as the log names them, 50 at most; one that a template computed is `(computed by a template)`; a command that renders names none.',
  'claviger.secret.count': 'How many were asked for.',
  'claviger.secret.unchanged': 'How many of them are as they were, where the store says so.',
  'claviger.secret.failed': 'How many of them failed.',
  'claviger.outcome': '`ok`, `partial` or `failed`.',
  'claviger.auth.path': 'Where a login goes to.',
  'claviger.auth.role': 'As which role.',
  'claviger.step.files': 'How many files a step writes.',
  'claviger.step.complete': 'Whether every file has been rendered by now.',
  'process.exit.code': 'Of a command.',
  'error.type':
    'The [code](errors.md) of the error, the first of several; of a command its exit code.',
} as const satisfies Readonly<Record<string, string>>

export type AttributeName = keyof typeof attributeTable

/** Both tables as Markdown, for docs/traces.md. */
export function renderSpanTables(): string {
  const spans = Object.entries<SpanRow>(spanTable)
  return [
    '| Span | Kind | What it is |',
    '|---|---|---|',
    ...spans.map(([name, { kind, help }]) => `| \`${name}\` | ${kind} | ${help} |`),
    '',
    '| Attribute | Meaning |',
    '|---|---|',
    ...Object.entries(attributeTable).map(([name, help]) => `| \`${name}\` | ${help} |`),
  ].join('\n')
}
