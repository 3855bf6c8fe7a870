/** Where the flags of the webhook stand in the values of charts/claviger; a test holds it to the chart. */
import { type Flag, flags } from '../../webhook/config/flags.ts'

/** How the chart writes the value: `image` is a repository and a tag, `port` the end of an address. */
type ChartForm = 'text' | 'switch' | 'list' | 'image' | 'port' | 'certificates'

interface FlagValue {
  readonly flag: Flag<unknown>
  readonly path: string
  readonly form: ChartForm
}

const row = (flag: Flag<unknown>, path: string, form: ChartForm = 'text'): FlagValue => ({
  flag,
  path,
  form,
})

const agent = 'injector.agentDefaults'

/** What has no row here is set through `injector.extraEnvironmentVars`. */
export const flagValues: readonly FlagValue[] = [
  row(flags.listen, 'injector.port', 'port'),
  row(flags.logLevel, 'injector.logLevel'),
  row(flags.logFormat, 'injector.logFormat'),
  row(flags.profile, 'injector.profile'),
  row(flags.vaultAddress, 'global.externalVaultAddr'),
  row(flags.vaultAuthType, 'injector.authType'),
  row(flags.vaultAuthPath, 'injector.authPath'),
  row(flags.vaultCaCert, 'injector.vaultCaCert', 'certificates'),
  row(flags.agentFlavour, 'injector.agentFlavour'),
  row(flags.agentImage, 'injector.agentImage', 'image'),
  row(flags.vaultImage, 'injector.agentImage', 'image'),
  row(flags.agentImagePullPolicy, 'injector.agentImage.pullPolicy'),
  row(flags.cpuRequest, `${agent}.cpuRequest`),
  row(flags.cpuLimit, `${agent}.cpuLimit`),
  row(flags.memoryRequest, `${agent}.memRequest`),
  row(flags.memoryLimit, `${agent}.memLimit`),
  row(flags.ephemeralRequest, `${agent}.ephemeralRequest`),
  row(flags.ephemeralLimit, `${agent}.ephemeralLimit`),
  row(flags.defaultTemplate, `${agent}.template`),
  row(flags.exitOnRetryFailure, `${agent}.templateConfig.exitOnRetryFailure`, 'switch'),
  row(flags.staticInterval, `${agent}.templateConfig.staticSecretRenderInterval`),
  row(flags.maxConnectionsPerHost, `${agent}.templateConfig.maxConnectionsPerHost`),
  row(flags.leaseRenewalThreshold, `${agent}.templateConfig.leaseRenewalThreshold`),
  row(flags.vaultNamespace, `${agent}.vaultNamespace`),
  row(flags.proxyAddress, `${agent}.proxyAddress`),
  row(flags.noProxy, `${agent}.noProxy`),
  row(flags.tracesEndpoint, `${agent}.tracesEndpoint`),
  row(flags.ownToken, `${agent}.ownToken`, 'switch'),
  row(flags.tokenAudience, `${agent}.tokenAudience`),
  row(flags.nativeSidecar, `${agent}.nativeSidecar`),
  row(flags.pullSecrets, `${agent}.imagePullSecrets`),
  row(flags.templatePolicy, `${agent}.templatePolicy`),
  row(flags.disableIdleConnections, `${agent}.disableIdleConnections`),
  row(flags.disableKeepAlives, `${agent}.disableKeepAlives`),
  row(flags.revokeOnShutdown, 'injector.revokeOnShutdown', 'switch'),
  row(flags.authMinBackoff, `${agent}.authMinBackoff`),
  row(flags.authMaxBackoff, `${agent}.authMaxBackoff`),
  row(flags.setSecurityContext, `${agent}.setSecurityContext`, 'switch'),
  row(flags.runAsUser, `${agent}.runAsUser`),
  row(flags.runAsGroup, `${agent}.runAsGroup`),
  row(flags.runAsSameUser, `${agent}.runAsSameUser`, 'switch'),
  row(flags.drainDelay, 'injector.drainDelay'),
  row(flags.watchNamespaces, 'injector.namespaceDefaults.enabled', 'switch'),
  row(flags.metricsListen, 'injector.metrics.port', 'port'),
  row(flags.tlsMinVersion, 'injector.tls.minVersion'),
  row(flags.tlsCipherSuites, 'injector.tls.cipherSuites', 'list'),
]
