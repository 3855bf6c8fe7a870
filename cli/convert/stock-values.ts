/** The values of vault-helm that concern its injector, and what becomes of each. Source: vault-helm 0.32, values.yaml. */
import { type Flag, findFlag, flags } from '../../webhook/config/flags.ts'
import {
  integer,
  list,
  object,
  orTemplate,
  pullSecrets,
  type Shape,
  spread,
  text,
  texts,
  truth,
  words,
} from './shapes.ts'

export type StockValue = {
  readonly path: string
  /** What it is when nobody sets it, where ours is another. */
  readonly stock?: unknown
} & (
  | { readonly flag: Flag<unknown>; readonly spell?: (value: unknown) => string }
  /** `partly` says what of a value is lost on the way. */
  | {
      readonly to: string
      readonly shape: Shape
      readonly partly?: (value: unknown) => string | undefined
    }
  /** Has no counterpart, unless it is what changes nothing. A path of a section stands for all in it. */
  | { readonly reason: string; readonly harmless?: unknown }
)

const elsewhere = 'belongs to Vault’s own chart, which goes on installing it'

const agent = 'injector.agentDefaults'

/** A flag that a later version may have. */
function flagOr(
  path: string,
  name: string,
  given: {
    readonly spell?: (value: unknown) => string
    readonly reason: string
    readonly harmless?: unknown
  },
): StockValue {
  const flag = findFlag(name)
  const { spell, ...lost } = given
  return flag === undefined
    ? { path, ...lost }
    : { path, flag, ...(spell === undefined ? {} : { spell }) }
}

/** `injector.agentImage`, `injector.extraEnvironmentVars` and the address are read apart. */
export const stockValues: readonly StockValue[] = [
  { path: 'global.enabled', to: 'global.enabled', shape: truth },
  { path: 'global.namespace', to: 'global.namespace', shape: text },
  { path: 'global.imagePullSecrets', to: 'imagePullSecrets', shape: pullSecrets },
  { path: 'global.psp', reason: 'Kubernetes has no PodSecurityPolicy since 1.25' },
  { path: 'global.serverTelemetry', reason: elsewhere },
  { path: 'injector.enabled', to: 'injector.enabled', shape: truth },
  { path: 'injector.replicas', to: 'injector.replicas', shape: integer },
  { path: 'injector.port', flag: flags.listen, spell: (value) => `:${value}` },
  {
    path: 'injector.leaderElector',
    reason: 'the replicas share their certificates without a leader',
  },
  flagOr('injector.metrics.enabled', 'telemetry-path', {
    spell: (value) => (value === true ? '/metrics' : ''),
    reason: 'this version has no metrics',
    harmless: false,
  }),
  {
    path: 'injector.image.repository',
    reason: 'Claviger has an image of its own; injector.image.repository names a mirror of it',
  },
  { path: 'injector.image.tag', reason: 'Claviger has an image of its own' },
  {
    path: 'injector.image.pullPolicy',
    to: 'injector.image.pullPolicy',
    shape: words('Always', 'IfNotPresent', 'Never'),
  },
  { path: `${agent}.cpuLimit`, flag: flags.cpuLimit, stock: '500m' },
  { path: `${agent}.cpuRequest`, flag: flags.cpuRequest, stock: '250m' },
  { path: `${agent}.memLimit`, flag: flags.memoryLimit, stock: '128Mi' },
  { path: `${agent}.memRequest`, flag: flags.memoryRequest, stock: '64Mi' },
  { path: `${agent}.ephemeralLimit`, flag: flags.ephemeralLimit },
  { path: `${agent}.ephemeralRequest`, flag: flags.ephemeralRequest },
  { path: `${agent}.template`, flag: flags.defaultTemplate },
  { path: `${agent}.templateConfig.exitOnRetryFailure`, flag: flags.exitOnRetryFailure },
  { path: `${agent}.templateConfig.staticSecretRenderInterval`, flag: flags.staticInterval },
  { path: 'injector.livenessProbe', to: 'injector.livenessProbe', shape: object },
  { path: 'injector.readinessProbe', to: 'injector.readinessProbe', shape: object },
  { path: 'injector.startupProbe', to: 'injector.startupProbe', shape: object },
  { path: 'injector.authPath', flag: flags.vaultAuthPath },
  {
    path: 'injector.logLevel',
    flag: flags.logLevel,
    spell: (value) => String(value).trim().toLowerCase(),
  },
  { path: 'injector.logFormat', flag: flags.logFormat },
  flagOr('injector.revokeOnShutdown', 'revoke-on-shutdown', {
    reason: 'this version has no such setting',
    harmless: false,
  }),
  {
    path: 'injector.webhook.failurePolicy',
    to: 'injector.failurePolicy',
    shape: words('Fail', 'Ignore'),
    stock: 'Ignore',
  },
  {
    path: 'injector.webhook.matchPolicy',
    to: 'injector.matchPolicy',
    shape: words('Equivalent', 'Exact'),
    stock: 'Exact',
  },
  {
    path: 'injector.webhook.timeoutSeconds',
    to: 'injector.timeoutSeconds',
    shape: integer,
    stock: 30,
  },
  {
    path: 'injector.webhook.namespaceSelector',
    to: 'injector.namespaceSelector',
    shape: orTemplate(object),
  },
  {
    path: 'injector.webhook.objectSelector',
    to: 'injector.objectSelector',
    shape: orTemplate(object),
  },
  {
    path: 'injector.webhook.annotations',
    to: 'injector.webhookAnnotations',
    shape: orTemplate(texts),
  },
  {
    path: 'injector.failurePolicy',
    reason: 'it has no effect in vault-helm either: webhook.failurePolicy always has a value',
  },
  {
    path: 'injector.namespaceSelector',
    to: 'injector.namespaceSelector',
    shape: orTemplate(object),
  },
  { path: 'injector.objectSelector', to: 'injector.objectSelector', shape: orTemplate(object) },
  {
    path: 'injector.webhookAnnotations',
    to: 'injector.webhookAnnotations',
    shape: orTemplate(texts),
  },
  { path: 'injector.certs.secretName', to: 'injector.certs.secretName', shape: text },
  { path: 'injector.certs.caBundle', to: 'injector.certs.caBundle', shape: text },
  { path: 'injector.certs.certName', to: 'injector.certs.certName', shape: text },
  { path: 'injector.certs.keyName', to: 'injector.certs.keyName', shape: text },
  { path: 'injector.securityContext', to: 'injector.securityContext', shape: object },
  { path: 'injector.uid', to: 'injector.uid', shape: integer },
  { path: 'injector.gid', to: 'injector.gid', shape: integer },
  { path: 'injector.resources', to: 'injector.resources', shape: object },
  { path: 'injector.affinity', to: 'injector.affinity', shape: orTemplate(object) },
  {
    path: 'injector.topologySpreadConstraints',
    to: 'injector.topologySpread',
    shape: spread,
    partly: (value) =>
      JSON.stringify(value).includes('labelSelector')
        ? 'labelSelector is filled in by the chart'
        : undefined,
  },
  { path: 'injector.tolerations', to: 'injector.tolerations', shape: orTemplate(list) },
  { path: 'injector.nodeSelector', to: 'injector.nodeSelector', shape: orTemplate(texts) },
  { path: 'injector.priorityClassName', to: 'injector.priorityClassName', shape: text },
  { path: 'injector.annotations', to: 'injector.annotations', shape: orTemplate(texts) },
  { path: 'injector.extraLabels', to: 'injector.extraLabels', shape: texts },
  { path: 'injector.hostNetwork', to: 'injector.hostNetwork', shape: truth },
  {
    path: 'injector.service.annotations',
    to: 'injector.service.annotations',
    shape: orTemplate(texts),
  },
  {
    path: 'injector.serviceAccount.annotations',
    to: 'injector.serviceAccount.annotations',
    shape: orTemplate(texts),
  },
  { path: 'injector.podDisruptionBudget', to: 'injector.podDisruptionBudget', shape: object },
  { path: 'injector.strategy', to: 'injector.strategy', shape: orTemplate(object) },
  { path: 'server', reason: elsewhere },
  { path: 'csi', reason: elsewhere },
  { path: 'ui', reason: elsewhere },
  { path: 'serverTelemetry', reason: elsewhere },
  { path: 'fullnameOverride', reason: 'names the objects of Vault’s own chart' },
  { path: 'nameOverride', reason: 'names the objects of Vault’s own chart' },
]
