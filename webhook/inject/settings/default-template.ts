/** The templates of secrets that bring none. */

export type DefaultTemplate = 'map' | 'json'

/** What stands around an action of a template. */
export interface Delimiters {
  readonly left: string
  readonly right: string
}

/** Source: vault-k8s, its two default templates. */
const bodies = {
  map: (action: (code: string) => string) =>
    `${action('range $k, $v := .Data')}${action('$k')}: ${action('$v')}\n${action('end')}`,
  json: (action: (code: string) => string) => `${action('.Data | toJSON')}\n`,
} as const satisfies Record<DefaultTemplate, unknown>

/** The path becomes a quoted Go string. */
export function renderDefaultTemplate(
  kind: DefaultTemplate,
  path: string,
  { left, right }: Delimiters,
): string {
  const action = (code: string) => `${left} ${code} ${right}`
  return surround(kind, JSON.stringify(path), action)
}

/** vault-k8s leaves the path as it is, and its delimiters are the usual ones whatever the secret's are. */
export function renderStockTemplate(kind: DefaultTemplate, path: string): string {
  return surround(kind, `"${path}"`, (code) => `{{ ${code} }}`)
}

function surround(
  kind: DefaultTemplate,
  argument: string,
  action: (code: string) => string,
): string {
  return `${action(`with secret ${argument}`)}${bodies[kind](action)}${action('end')}`
}
