import { describe, expect, test } from '@jest/globals'
import { readConfig } from '../../../../webhook/config/config.ts'
import { read, refuse, required } from './read.ts'

describe('readConfig', () => {
  test('defaults', () => {
    expect(read([])).toMatchObject({
      listen: { host: undefined, port: 8080 },
      logLevel: 'info',
      logFormat: 'json',
      drainDelayMs: 0,
      telemetryPath: '',
      metricsListen: undefined,
      wantsLeader: false,
      tls: {
        source: { kind: 'files', certFile: 'c', keyFile: 'k', published: undefined },
        settings: { minVersion: 'TLSv1.2', ciphers: undefined },
      },
      defaults: {
        address: 'http://vault:8200',
        authType: 'kubernetes',
        authPath: 'auth/kubernetes',
        image: 'claviger/agent:development',
        flavour: undefined,
        profile: { name: 'claviger' },
        resources: { requests: { cpu: '10m', memory: '24Mi' }, limits: { memory: '128Mi' } },
      },
    })
  })

  test.each([
    [['-listen=127.0.0.1:0']],
    [['--listen=127.0.0.1:0']],
    [['-listen', '127.0.0.1:0']],
    [['--listen', '127.0.0.1:0']],
    [['-listen=:1', '-listen=127.0.0.1:0']],
  ])('%j is read as Go reads it', (args) => {
    expect(read(args).listen).toEqual({ host: '127.0.0.1', port: 0 })
  })

  test.each([
    ['[::1]:443', { host: '::1', port: 443 }],
    ['localhost:1', { host: 'localhost', port: 1 }],
  ])('-listen=%s', (value, listen) => {
    expect(read([`-listen=${value}`]).listen).toEqual(listen)
  })

  test.each([
    ['WARNING', 'warn'],
    [' Err ', 'error'],
    ['notice', 'info'],
    ['trace', 'trace'],
  ])('-log-level=%s is %s', (value, level) => {
    expect(read([`-log-level=${value}`]).logLevel).toBe(level)
  })

  test('the CA of the store comes from a file or from bytes, not from both', () => {
    expect(read(['-vault-cacert-file=/ca.crt']).storeCaFile).toBe('/ca.crt')
    const pem = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----'
    const both = [...required, '-vault-cacert-file=/ca.crt', `-vault-cacert-bytes=${pem}`]
    expect(refuse(both)).toEqual(['-vault-cacert-file'])
  })

  test('a variable beats its flag, an empty one does not', () => {
    const args = ['-vault-auth-path=auth/flag']
    const name = 'AGENT_INJECT_VAULT_AUTH_PATH'
    expect(read(args, { [name]: 'auth/env' }).defaults.authPath).toBe('auth/env')
    expect(read(args, { [name]: '' }).defaults.authPath).toBe('auth/flag')
  })

  test('flags give defaults of annotations', () => {
    const { annotations } = read(
      ['-vault-namespace=team', '-run-as-same-user', '-auth-min-backoff=', '-run-as-user=5'],
      { AGENT_INJECT_RUN_AS_USER: '7', AGENT_INJECT_SET_SECURITY_CONTEXT: 'false' },
    ).defaults
    expect([...annotations].sort()).toEqual([
      ['agent-run-as-same-user', 'true'],
      ['agent-run-as-user', '7'],
      ['agent-set-security-context', 'false'],
      ['namespace', 'team'],
    ])
  })

  test.each([
    ['-run-as-user=root', '-run-as-user'],
    ['-default-template=yaml', '-default-template'],
    ['-auth-max-backoff=soon', '-auth-max-backoff'],
    ['-vault-cacert-bytes=not a certificate', '-vault-cacert-bytes'],
  ])('%s is refused', (argument, path) => {
    expect(refuse([...required, argument])).toEqual([path])
  })

  const certificate = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'
  test.each([certificate, Buffer.from(certificate).toString('base64')])(
    'a CA is read from %j',
    (value) => {
      expect(read([`-vault-cacert-bytes=${value}`]).defaults.caCert).toBe(certificate)
    },
  )

  test('an empty quantity removes the default', () => {
    const { resources } = read(['-memory-limit=', '-cpu-limit=1']).defaults
    expect(resources.limits).toEqual({ cpu: '1' })
  })

  test.each([
    [[], 'claviger/agent:development', false, undefined],
    [['-vault-image=v'], 'v', true, undefined],
    [['-vault-image=v', '-agent-image=a'], 'a', false, undefined],
    [['-vault-image=v', '-agent-flavour=openbao'], 'v', true, 'openbao'],
    [['-agent-flavour=claviger'], 'claviger/agent:development', false, 'claviger'],
    [['-profile=vault-k8s'], 'hashicorp/vault:2.0.4', true, undefined],
    [['-profile=vault-k8s', '-vault-image='], 'hashicorp/vault:2.0.4', true, undefined],
    [['-profile=vault-k8s', '-agent-image=a'], 'a', false, undefined],
  ])('%j runs the image %s', (args, image, stockImage, flavour) => {
    expect(read(args).defaults).toMatchObject({ image, stockImage, flavour })
  })

  test('a stock Deployment of vault-helm keeps its agent image with nothing but our image', () => {
    const env = {
      AGENT_INJECT_LISTEN: ':8080',
      AGENT_INJECT_LOG_LEVEL: 'info',
      AGENT_INJECT_VAULT_ADDR: 'http://vault.vault.svc:8200',
      AGENT_INJECT_VAULT_AUTH_PATH: 'auth/kubernetes',
      AGENT_INJECT_VAULT_IMAGE: 'hashicorp/vault:1.20.4',
      AGENT_INJECT_TLS_AUTO: 'vault-agent-injector-cfg',
      AGENT_INJECT_TLS_AUTO_HOSTS:
        'vault-agent-injector-svc,vault-agent-injector-svc.vault,vault-agent-injector-svc.vault.svc',
      AGENT_INJECT_LOG_FORMAT: 'standard',
      AGENT_INJECT_REVOKE_ON_SHUTDOWN: 'false',
      AGENT_INJECT_CPU_REQUEST: '250m',
      AGENT_INJECT_CPU_LIMIT: '500m',
      AGENT_INJECT_MEM_REQUEST: '64Mi',
      AGENT_INJECT_MEM_LIMIT: '128Mi',
      AGENT_INJECT_DEFAULT_TEMPLATE: 'map',
      AGENT_INJECT_TEMPLATE_CONFIG_EXIT_ON_RETRY_FAILURE: 'true',
      AGENT_INJECT_USE_LEADER_ELECTOR: 'true',
      AGENT_INJECT_TELEMETRY_PATH: '/metrics',
      NAMESPACE: 'vault',
      POD_NAME: 'vault-agent-injector-0',
    }
    for (const profile of ['claviger', 'vault-k8s']) {
      const parsed = readConfig(['2>&1'], { ...env, AGENT_INJECT_PROFILE: profile })
      expect(parsed).toMatchObject({
        kind: 'ok',
        value: {
          wantsLeader: true,
          telemetryPath: '/metrics',
          logFormat: 'standard',
          defaults: {
            profile: { name: profile },
            image: 'hashicorp/vault:1.20.4',
            stockImage: true,
          },
          tls: {
            source: {
              webhookConfiguration: 'vault-agent-injector-cfg',
              secret: undefined,
              namespace: 'vault',
            },
          },
        },
      })
    }
  })

  test('without files the certificate is generated', () => {
    const parsed = readConfig(
      ['-vault-address=http://v', '-tls-auto=cfg', '-tls-auto-hosts=a.b.svc, a'],
      { NAMESPACE: 'ns' },
    )
    expect(parsed).toMatchObject({
      value: {
        tls: {
          source: {
            kind: 'generated',
            webhookConfiguration: 'cfg',
            hosts: ['a.b.svc', 'a'],
            secret: undefined,
            namespace: 'ns',
          },
        },
      },
    })
  })

  test('the stray argument of the stock chart is passed over', () => {
    expect(read(['2>&1', '-listen=:1']).listen.port).toBe(1)
  })

  test('the CA of given files is published where the configuration is named', () => {
    const files = ['-tls-ca-cert-file=ca', '-tls-auto=cfg', '-tls-auto-secret=s']
    expect(read(files).tls.source).toMatchObject({
      kind: 'files',
      published: { caFile: 'ca', webhookConfiguration: 'cfg', secret: 's' },
    })
    expect(read(['-tls-ca-cert-file=ca']).tls.source).toMatchObject({ published: undefined })
  })

  test('the address of Vault is not needed where there are other stores', () => {
    const files = ['-tls-cert-file=c', '-tls-key-file=k']
    const stores = '-stores={"prod": "aws region=eu-west-1"}'
    expect(readConfig([...files, stores], {})).toMatchObject({
      value: { defaults: { address: '' } },
    })
    expect(refuse([...files, '-stores={}'])).toEqual(['-vault-address'])
    expect(refuse([...files, stores, '-vault-address=vault'])).toEqual(['-vault-address'])
    expect(refuse([...files, '-stores={"prod": "asw"}'])).toEqual([
      '-stores: prod',
      '-vault-address',
    ])
  })

  test('all problems are told at once', () => {
    const args = ['-vault-adress=x', 'stray', '-listen=x', '-log-format=xml', '-profile=stock']
    expect(refuse(args, { AGENT_INJECT_CPU_LIMIT: 'much' })).toEqual([
      '-vault-adress',
      'stray',
      '-listen',
      '-log-format',
      '-profile',
      '-vault-address',
      'AGENT_INJECT_CPU_LIMIT',
      '-tls-auto',
    ])
  })

  test.each([
    [['-tls-cert-file=c'], '-tls-key-file'],
    [['-tls-key-file=k'], '-tls-cert-file'],
    [['-tls-auto=a'], '-tls-auto-hosts'],
    [['-tls-auto=a', '-tls-auto-hosts=a b'], '-tls-auto-hosts'],
    [['-tls-cert-file=c', '-tls-key-file=k', '-listen'], '-listen'],
  ])('%j lacks %s', (args, path) => {
    expect(refuse(['-vault-address=http://v', ...args])).toContain(path)
  })

  test('an unknown flag is told with the nearest, an unknown profile with those that exist', () => {
    const parsed = readConfig([...required, '-log-levl=x', '-profile=vault'], {})
    expect(parsed).toMatchObject({
      issues: [
        { code: 'flag_unknown', path: '-log-levl', hint: 'did you mean -log-level?' },
        {
          code: 'flag',
          path: '-profile',
          expected: 'one of "claviger", "vault-k8s"',
          got: 'vault',
        },
      ],
    })
  })
})
