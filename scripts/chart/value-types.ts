/** What a value of the chart may be where its default does not say it; named by `@type` in values.yaml. */

export type Schema = Readonly<Record<string, unknown>>

const text: Schema = { type: 'string' }
const map: Schema = { type: 'object' }
const texts: Schema = { type: 'object', additionalProperties: text }
const maps: Schema = { type: 'array', items: map }
const scalar: Schema = { type: ['string', 'number', 'boolean'] }
const scalars: Schema = { type: 'object', additionalProperties: scalar }
const words: Schema = { type: 'array', items: { type: 'string', minLength: 1 } }

const matching = (pattern: string): Schema => ({ type: 'string', pattern })
const oneOf = (...choices: readonly unknown[]): Schema => ({ enum: choices })
const either = (...schemas: readonly Schema[]): Schema => ({ anyOf: schemas })
const whole = (minimum: number, maximum?: number): Schema => ({
  type: 'integer',
  minimum,
  ...(maximum === undefined ? {} : { maximum }),
})
const closed = (properties: Schema, required: readonly string[] = []): Schema => ({
  type: 'object',
  properties,
  additionalProperties: false,
  ...(required.length === 0 ? {} : { required }),
})

const levels = ['trace', 'debug', 'info', 'notice', 'warn', 'warning', 'err', 'error']
const mode = oneOf('audit', 'warn', 'enforce')
const classMode = oneOf('allow', 'audit', 'warn', 'enforce')
const subject = closed({ allow: words, deny: words })

const selector = closed({
  names: words,
  matchLabels: texts,
  matchExpressions: {
    type: 'array',
    items: closed(
      {
        key: text,
        operator: oneOf('In', 'NotIn', 'Exists', 'DoesNotExist'),
        values: { type: 'array', items: text },
      },
      ['key', 'operator'],
    ),
  },
})

const rule = closed(
  {
    name: matching('^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$'),
    mode,
    message: { type: 'string', maxLength: 200 },
    namespaces: selector,
    annotations: closed({ allow: words, deny: words, lock: words }),
    addresses: subject,
    roles: subject,
    images: subject,
    commands: subject,
    paths: subject,
    profiles: subject,
    stores: subject,
    storeTypes: subject,
    storePaths: subject,
  },
  ['name'],
)

export const valueTypes: Readonly<Record<string, Schema>> = {
  /** Whatever vault-helm has there. */
  ignored: {},
  map,
  maps,
  texts,
  words,
  textOrMap: either(text, map),
  textOrMaps: either(text, maps),
  textOrTexts: either(text, texts),
  pullSecrets: { type: 'array', items: either(text, map) },
  enabled: oneOf(true, false, 'true', 'false', '-'),
  optionalTruth: oneOf('', true, false),
  count: whole(1),
  id: whole(0),
  port: whole(1, 65_535),
  optionalPort: whole(0, 65_535),
  ports: { type: 'array', items: whole(1, 65_535), minItems: 1 },
  timeout: whole(1, 30),
  optionalTimeout: either(oneOf(''), whole(1, 30)),
  pullPolicy: oneOf('Always', 'IfNotPresent', 'Never'),
  optionalPullPolicy: oneOf('', 'Always', 'IfNotPresent', 'Never'),
  flavour: oneOf('', 'claviger', 'vault', 'openbao'),
  authType: oneOf(
    ...['kubernetes', 'jwt', 'approle', 'aws', 'azure', 'cert', 'gcp', 'alicloud', 'cf'],
    ...['kerberos', 'ldap', 'oci', 'token_file'],
  ),
  profile: oneOf('claviger', 'vault-k8s'),
  template: oneOf('', 'map', 'json'),
  nativeSidecar: oneOf('', 'auto', 'on', 'off'),
  templatePolicy: oneOf('', 'restricted', 'stock'),
  /** In any case, as vault-k8s takes it. */
  logLevel: matching(
    `^(${levels.map((level) => level.replace(/./g, (letter) => `[${letter}${letter.toUpperCase()}]`)).join('|')})$`,
  ),
  logFormat: oneOf('', 'standard', 'json'),
  tlsVersion: oneOf('tls10', 'tls11', 'tls12', 'tls13'),
  failurePolicy: oneOf('', 'Fail', 'Ignore'),
  matchPolicy: oneOf('', 'Equivalent', 'Exact'),
  reinvocationPolicy: oneOf('Never', 'IfNeeded'),
  address: matching('^$|^https?://[^\\s/?#@]+[^\\s?#@]*$'),
  path: matching('^[^\\s?#%]+$'),
  /** A Kubernetes quantity; YAML reads some as numbers. */
  quantity: {
    type: ['string', 'number'],
    pattern:
      '^$|^none$|^([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([EPTGMK]i|[numkMGTPE]|[eE][+-]?[0-9]{1,2})?$',
  },
  duration: matching('^[0-9a-zµ.]*$'),
  delay: matching('^[0-9]+(ms|s|m)?$'),
  digits: matching('^[0-9]*$'),
  decimal: matching('^[0-9.]*$'),
  word: matching('^[!-~]*$'),
  names: matching('^[a-z0-9.,-]*$'),
  user: matching('^([0-9]{0,10}|auto)$'),
  base64: matching('^[A-Za-z0-9+/=\\s]*$'),
  variables: {
    type: 'object',
    additionalProperties: { type: ['string', 'number', 'boolean'] },
  },
  probe: closed({
    initialDelaySeconds: whole(0),
    periodSeconds: whole(1),
    timeoutSeconds: whole(1),
    failureThreshold: whole(1),
    successThreshold: whole(1),
  }),
  /** As the flag `-stores` takes it; a test compares it with what the webhook reads. */
  stores: {
    type: 'object',
    propertyNames: { pattern: '^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$' },
    additionalProperties: either(
      text,
      closed({
        type: oneOf('vault', 'aws', 'ssm', 'gcp', 'azure', 'k8s', 'file', 'db'),
        settings: {
          type: 'object',
          additionalProperties: either(scalar, { type: 'array', items: scalar }, scalars),
        },
      }),
    ),
  },
  issuer: closed({ name: text, kind: text, group: text }),
  /** docs/policy.md; a test compares it with what the webhook reads. */
  policy: closed({
    mode,
    loopback: words,
    classes: closed({
      free: classMode,
      gated: classMode,
      bounded: classMode,
      reserved: classMode,
    }),
    rules: { type: 'array', items: rule },
  }),
}
