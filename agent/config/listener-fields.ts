/** The `listener` blocks. */
import { cipherSuites, tls13Suites } from '../../core/cipher-suites.ts'
import type { Fields } from './fields.ts'
import type { ListenerConfig, ListenerTls } from './listener-config.ts'

const tlsVersions: ReadonlyMap<string, ListenerTls['minVersion']> = new Map([
  ['tls10', 'TLSv1'],
  ['tls11', 'TLSv1.1'],
  ['tls12', 'TLSv1.2'],
  ['tls13', 'TLSv1.3'],
])

const tlsOrder = [...tlsVersions.values()]

export function readListener(listener: Fields): ListenerConfig {
  const api = listener.block('agent_api')
  return {
    address: readAddress(listener),
    tls: readTls(listener),
    role: readRole(listener),
    requireRequestHeader: listener.flag('require_request_header') ?? false,
    enableQuit: api.strictFlag('enable_quit') ?? false,
  }
}

function readAddress(listener: Fields): ListenerConfig['address'] {
  const type = listener.requiredText('type').toLowerCase()
  if (type === 'unix') {
    return {
      kind: 'unix',
      path: listener.requiredText('address', 'the path of the socket'),
      mode: listener.mode('socket_mode'),
      user: listener.text('socket_user') || undefined,
      group: listener.text('socket_group') || undefined,
    }
  }
  if (type !== '' && type !== 'tcp') listener.report('type', '"tcp" or "unix"')
  return { kind: 'tcp', ...readHost(listener) }
}

function readHost(listener: Fields): { readonly host: string; readonly port: number } {
  const address = listener.text('address') || '127.0.0.1:8200'
  const match = /^(?:\[([^\]]*)\]|([^:[\]]*)):(\d{1,5})$/.exec(address)
  const port = Number(match?.[3])
  if (!(port <= 65_535)) listener.report('address', 'HOST:PORT')
  return { host: match?.[1] ?? match?.[2] ?? '', port }
}

/** A listener without certificates says so with `tls_disable`; the other keys are checked all the same. */
function readTls(listener: Fields): ListenerTls | undefined {
  const isDisabled = listener.flag('tls_disable') ?? false
  const requireClientCert = listener.flag('tls_require_and_verify_client_cert') ?? false
  const disableClientCerts = listener.flag('tls_disable_client_certs') ?? false
  const tls = {
    ...readVersions(listener),
    cipherSuites: readCipherSuites(listener),
    clientCaPath: listener.text('tls_client_ca_file') || undefined,
    requireClientCert,
    disableClientCerts,
  }
  if (isDisabled) return undefined
  if (requireClientCert && disableClientCerts) {
    const expected = 'not both it and tls_require_and_verify_client_cert'
    listener.report('tls_disable_client_certs', expected)
  }
  const hint = 'or tls_disable = true'
  return {
    certPath: listener.requiredText('tls_cert_file', hint),
    keyPath: listener.requiredText('tls_key_file', hint),
    ...tls,
  }
}

function readVersions(listener: Fields): Pick<ListenerTls, 'minVersion' | 'maxVersion'> {
  const minVersion = readVersion(listener, 'tls_min_version') ?? 'TLSv1.2'
  const maxVersion = readVersion(listener, 'tls_max_version') ?? 'TLSv1.3'
  if (tlsOrder.indexOf(minVersion) > tlsOrder.indexOf(maxVersion)) {
    listener.report('tls_min_version', 'no more than tls_max_version')
  }
  return { minVersion, maxVersion }
}

function readVersion(listener: Fields, key: string): ListenerTls['minVersion'] | undefined {
  const text = listener.text(key)
  if (text === undefined || text === '') return undefined
  const version = tlsVersions.get(text)
  if (version === undefined) listener.report(key, `one of ${[...tlsVersions.keys()].join(', ')}`)
  return version
}

function readCipherSuites(listener: Fields): readonly string[] {
  const names = (listener.text('tls_cipher_suites') ?? '').split(',').map((name) => name.trim())
  return names.flatMap((name) => {
    if (name === '') return []
    const suite = tls13Suites.includes(name) ? name : cipherSuites.get(name)
    if (suite === undefined) {
      const hint = 'such as TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'
      listener.report('tls_cipher_suites', "Go's names of cipher suites, with commas", { hint })
    }
    return suite === undefined ? [] : [suite]
  })
}

/** Vault Agent takes what it does not know for the default. */
function readRole(listener: Fields): ListenerConfig['role'] {
  const role = listener.text('role')?.toLowerCase() ?? ''
  if (role === 'metrics_only') return role
  if (role !== '' && role !== 'default') {
    listener.warn('role', '"default" or "metrics_only"', { hint: 'default is taken' })
  }
  return 'default'
}
