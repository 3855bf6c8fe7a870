/** The `vault` block together with the flags and variables that beat it. */
import { type ProxyVariables, pickProxy } from '../../core/vault/transport.ts'
import type { VaultConfig } from './agent-config.ts'
import type { Fields } from './fields.ts'
import { type Settings, settingReaders } from './settings.ts'

const defaultTimeoutMs = 60_000
const defaultHttpRetries = 2

/** Setting → its key in the block, its flag and its variable without prefix. One row per path. */
const files = {
  caCertPath: ['ca_cert', 'ca-cert', 'CACERT'],
  caPath: ['ca_path', 'ca-path', 'CAPATH'],
  clientCertPath: ['client_cert', 'client-cert', 'CLIENT_CERT'],
  clientKeyPath: ['client_key', 'client-key', 'CLIENT_KEY'],
  serverName: ['tls_server_name', 'tls-server-name', 'TLS_SERVER_NAME'],
} as const

/** `methodNamespace` is that of the auth method. */
export function readVault(
  root: Fields,
  settings: Settings,
  methodNamespace: string | undefined,
): VaultConfig {
  const vault = root.block('vault')
  const given = trimSlashes(
    settings.flags.ns || settings.filledText('namespace', 'NAMESPACE')?.text,
  )
  const own = trimSlashes(vault.text('namespace'))
  const method = trimSlashes(methodNamespace)
  return {
    address: readAddress(vault, settings),
    namespace: given ?? own ?? method,
    loginNamespace: given ?? method ?? own,
    ...readAuthorities(readTlsPaths(vault, settings), settings),
    skipVerify: readSkipVerify(vault, root, settings),
    timeoutMs: readTimeout(root, settings),
    proxy: readProxy(settings),
    followRedirects: !readDisableRedirects(root, settings),
    rateLimit: readRateLimit(root, settings),
    httpRetries: readHttpRetries(root, settings),
  }
}

/** `/team/` is `team`. Source: Vault's canonical form of namespaces. */
function trimSlashes(namespace: string | undefined): string | undefined {
  return namespace?.replace(/^\/+|\/+$/g, '') || undefined
}

function readAddress(vault: Fields, settings: Settings): string {
  const setting = settings.filledText('address', 'ADDR')
  const address = (setting?.text ?? vault.text('address')) || 'https://127.0.0.1:8200'
  const isSocket = /^unix:(?:\/\/)?\/./.test(address)
  if (!isSocket && !(/^https?:\/\/[^/]/i.test(address) && URL.canParse(address))) {
    const hint = setting === undefined ? {} : { hint: `it comes from ${setting.place}` }
    vault.report('address', 'an http:// or https:// address, or unix:///PATH', hint)
  }
  return address.replace(/\/+$/, '')
}

/** Without any of our own those that the environment has for every program. Source: Go's crypto/x509, SSL_CERT_FILE and SSL_CERT_DIR. */
function readAuthorities<T extends TlsPaths>(
  paths: T,
  settings: Settings,
): T & Pick<VaultConfig, 'caCertPem'> {
  const caCertPem = settings.variable('CACERT_BYTES')?.text || undefined
  if (caCertPem !== undefined || paths.caCertPath !== undefined || paths.caPath !== undefined) {
    return { ...paths, caCertPem }
  }
  const { SSL_CERT_FILE: file, SSL_CERT_DIR: directories = '' } = settings.environment
  const caPath = directories.split(':')[0] || undefined
  return { ...paths, caCertPem, caCertPath: file || undefined, ...(file ? {} : { caPath }) }
}

type TlsPaths = Readonly<Record<keyof typeof files, string | undefined>>

function readTlsPaths(vault: Fields, settings: Settings): TlsPaths {
  const read = ([key, flag, suffix]: (typeof files)[keyof typeof files]): string | undefined =>
    (settings.text(flag, suffix)?.text ?? vault.text(key)) || undefined
  const paths = {
    caCertPath: read(files.caCertPath),
    caPath: read(files.caPath),
    clientCertPath: read(files.clientCertPath),
    clientKeyPath: read(files.clientKeyPath),
    serverName: read(files.serverName),
  }
  if ((paths.clientCertPath === undefined) !== (paths.clientKeyPath === undefined)) {
    const missing = paths.clientKeyPath === undefined ? 'client_key' : 'client_cert'
    vault.report(missing, 'client_cert and client_key together')
  }
  return paths
}

/** A stock injector passes `VAULT_SKIP_VERIFY=false`; read as anything but a boolean it would turn verification off. */
function readSkipVerify(vault: Fields, root: Fields, settings: Settings): boolean {
  const fromFile = vault.flag('tls_skip_verify') ?? false
  const flag = settings.flags['tls-skip-verify']
  if (flag !== undefined) return flag
  const variable = settings.variable('SKIP_VERIFY')
  if (variable === undefined) return fromFile
  return settingReaders.flag(variable, root) ?? false
}

function readTimeout(root: Fields, settings: Settings): number {
  const setting = settings.variable('CLIENT_TIMEOUT')
  const timeoutMs = settingReaders.duration(setting, root)
  if (setting !== undefined && setting.text !== '' && timeoutMs === 0) {
    root.warn(setting.place, 'a duration above 0', { hint: 'the default, 60s, is taken' })
  }
  return timeoutMs || defaultTimeoutMs
}

/** OpenBao's names for Vault's own proxy count as those. */
function readProxy({ environment }: Settings): ProxyVariables {
  const own = ['PROXY_ADDR', 'HTTP_PROXY'].flatMap((suffix) => {
    const address = environment[`BAO_${suffix}`]
    return address ? [[`VAULT_${suffix}`, address] as const] : []
  })
  return pickProxy({ ...environment, ...Object.fromEntries(own) })
}

function readDisableRedirects(root: Fields, settings: Settings): boolean {
  const flag = settings.flags['disable-redirects']
  if (flag !== undefined) return flag
  return settingReaders.flag(settings.variable('DISABLE_REDIRECTS'), root) ?? false
}

/** `RATE` or `RATE:BURST`; without a burst as many at once as there may be in a second. */
function readRateLimit(root: Fields, settings: Settings): VaultConfig['rateLimit'] {
  const setting = settings.variable('RATE_LIMIT')
  if (setting === undefined || setting.text === '') return undefined
  const match = /^(\d+(?:\.\d+)?)(?::(\d+))?$/.exec(setting.text)
  const perSecond = Number(match?.[1])
  const burst = match?.[2] === undefined ? Math.max(1, Math.floor(perSecond)) : Number(match[2])
  if (perSecond > 0 && burst > 0) return { perSecond, burst }
  root.report(setting.place, 'RATE or RATE:BURST, both above 0', { got: setting.text.slice(0, 20) })
  return undefined
}

function readHttpRetries(root: Fields, settings: Settings): number {
  const setting = settings.variable('MAX_RETRIES')
  if (setting === undefined || setting.text === '') return defaultHttpRetries
  const retries = settingReaders.whole(setting, root) ?? defaultHttpRetries
  if (retries < 0) root.report(setting.place, 'a number that is not negative')
  return Math.max(0, retries)
}
