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

/** The path becomes a quoted Go string; vault-k8s leaves it as it is, and its delimiters too. */
export function renderDefaultTemplate(
  kind: DefaultTemplate,
  path: string,
  { left, right }: Delimiters,
): string {
  const action = (code: string) => `${left} ${code} ${right}`
  const opening = action(`with secret ${JSON.stringify(path)}`)
  return `${opening}${bodies[kind](action)}${action('end')}`
}
