import { describe, expect, test } from '@jest/globals'
import { read, refuse, required } from './read.ts'

describe('readConfig in profile vault-k8s', () => {
  const stock = (args: readonly string[], env: Record<string, string> = {}) =>
    read(['-profile=vault-k8s', ...args], env)
  const refuseStock = (args: readonly string[], env: Record<string, string> = {}) =>
    refuse([...required, '-profile=vault-k8s', ...args], env)

  test('every annotation that a flag stands for gets its text, checked or not', () => {
    const { annotations: texts } = stock(
      [
        '-cpu-limit=lots',
        '-memory-limit=',
        '-run-as-user=',
        '-vault-auth-path=',
        '-proxy-address=p',
      ],
      {
        AGENT_INJECT_REVOKE_ON_SHUTDOWN: 'T',
        AGENT_INJECT_TEMPLATE_LEASE_RENEWAL_THRESHOLD: '0.5',
      },
    ).defaults
    expect(Object.fromEntries(texts)).toEqual({
      service: 'http://vault:8200',
      'auth-type': 'kubernetes',
      'auth-path': '',
      namespace: '',
      'proxy-address': 'p',
      'agent-requests-cpu': '250m',
      'agent-requests-mem': '64Mi',
      'agent-requests-ephemeral': '',
      'agent-limits-cpu': 'lots',
      'agent-limits-mem': '',
      'agent-limits-ephemeral': '',
      'agent-revoke-on-shutdown': 'true',
      'auth-min-backoff': '',
      'auth-max-backoff': '',
      'agent-inject-default-template': 'map',
      'template-config-exit-on-retry-failure': 'true',
      'template-static-secret-render-interval': '',
      'template-max-connections-per-host': '0',
      'agent-disable-idle-connections': '',
      'agent-disable-keep-alives': '',
      'agent-set-security-context': 'true',
      'agent-run-as-user': '100',
      'agent-run-as-group': '1000',
      'agent-run-as-same-user': 'false',
    })
  })

  test.each([
    ['-default-template=JSON', '-default-template'],
    ['-default-template=', '-default-template'],
    ['-set-security-context=', '-set-security-context'],
    ['-set-security-context=yes', '-set-security-context'],
    ['-auth-min-backoff=5', '-auth-min-backoff'],
    ['-auth-max-backoff=1day', '-auth-max-backoff'],
    ['-tls-min-version=TLS1.2', '-tls-min-version'],
    ['-tls-cipher-suites=TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', '-tls-cipher-suites'],
    ['-tls-cipher-suites=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,', '-tls-cipher-suites'],
    ['-telemetry-path=/mutate', '-telemetry-path'],
    ['-telemetry-path=metrics', '-telemetry-path'],
    ['-log-level=chatty', '-log-level'],
    ['-vault-address=', '-vault-address'],
    ['---listen=:1', '---listen=:1'],
  ])('%s is refused', (argument, path) => {
    expect(refuseStock([argument])).toEqual([path])
  })

  test.each([
    ['AGENT_INJECT_SET_SECURITY_CONTEXT', 'yes'],
    ['AGENT_INJECT_TEMPLATE_MAX_CONNECTIONS_PER_HOST', 'ten'],
    ['AGENT_INJECT_TEMPLATE_LEASE_RENEWAL_THRESHOLD', 'most'],
    ['AGENT_INJECT_USE_LEADER_ELECTOR', '2'],
  ])('%s=%s is refused', (name, value) => {
    expect(refuseStock([], { [name]: value })).toEqual([name])
  })

  test.each([
    ['-auth-min-backoff=1h2m3.5s'],
    ['-auth-min-backoff='],
    ['-log-format=xml'],
    ['-vault-auth-type=aws'],
    ['-tls-cipher-suites='],
    ['-run-as-user=root'],
    ['-template-static-secret-render-interval=soon'],
    ['-vault-cacert-bytes=not a certificate'],
  ])('%s starts', (argument) => {
    expect(refuseStock([argument])).toEqual([])
  })

  test('a list without the suite that HTTP/2 needs will do for TLS 1.3', () => {
    const suites = '-tls-cipher-suites=TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384'
    expect(refuseStock([suites, '-tls-min-version=tls13'])).toEqual([])
    expect(refuseStock([], { TLS_CIPHER_SUITES: suites.split('=')[1] ?? '' })).toEqual([
      'TLS_CIPHER_SUITES',
    ])
  })

  test('the first stray word ends the flags, for switches never take the next word', () => {
    expect(stock(['2>&1', '-listen=:1', '-nonsense']).listen.port).toBe(8080)
    expect(stock(['-revoke-on-shutdown', 'false', '-listen=:1']).listen.port).toBe(8080)
    expect(stock(['-listen', ':1', '--', '-listen=:2']).listen.port).toBe(1)
  })

  test.each([
    ['abcd', 'i\ufffd\u001d'],
    ['not a certificate', 'not a certificate'],
    ['aGk=', 'hi'],
    ['aG\nk=', 'hi'],
    ['aGk', 'aGk'],
  ])('-vault-cacert-bytes=%j hands over %j', (given, handed) => {
    expect(stock([`-vault-cacert-bytes=${given}`]).defaults.caCert).toBe(handed)
  })
})

describe('variables', () => {
  const portOf = (env: Record<string, string>) => read([], env).tls.settings.minVersion

  test.each([
    [{ AGENT_INJECT_TLS_MIN_VERSION: 'tls13' }, 'TLSv1.3'],
    [{ TLS_MIN_VERSION: 'tls13' }, 'TLSv1.3'],
    [{ TLS_MIN_VERSION: 'tls13', AGENT_INJECT_TLS_MIN_VERSION: 'tls12' }, 'TLSv1.2'],
    [{ TLS_MIN_VERSION: 'tls13', AGENT_INJECT_TLS_MIN_VERSION: '' }, 'TLSv1.2'],
  ])('%j serves %s: the first spelling that is there counts', (env, version) => {
    expect(portOf(env)).toBe(version)
  })

  test('some are read with a doubled prefix, others only with one', () => {
    const env = {
      AGENT_INJECT_AGENT_INJECT_CPU_LIMIT: '3',
      AGENT_INJECT_CPU_LIMIT: '4',
      AGENT_INJECT_AGENT_INJECT_VAULT_NAMESPACE: 'doubled',
      VAULT_ADDR: 'http://other',
    }
    const { resources, annotations: texts, address } = read([], env).defaults
    expect(resources.limits.cpu).toBe('3')
    expect(texts.get('namespace')).toBeUndefined()
    expect(address).toBe('http://vault:8200')
  })
})
