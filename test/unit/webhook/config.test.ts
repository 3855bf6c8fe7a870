import { describe, expect, test } from '@jest/globals'
import { readConfig } from '../../../webhook/config.ts'
import { flags, renderHelp } from '../../../webhook/flags.ts'

const required = ['-vault-address=http://vault:8200', '-tls-cert-file=c', '-tls-key-file=k']

function read(args: readonly string[], env: Record<string, string> = {}) {
  const parsed = readConfig([...required, ...args], env)
  if (parsed.kind === 'issues') throw new Error(JSON.stringify(parsed.issues))
  return parsed.value
}

/** Paths of the issues. */
function refuse(args: readonly string[], env: Record<string, string> = {}): readonly string[] {
  const parsed = readConfig(args, env)
  return parsed.kind === 'issues' ? parsed.issues.map(({ path }) => path) : []
}

describe('readConfig', () => {
  test('defaults', () => {
    expect(read([])).toMatchObject({
      listen: { host: undefined, port: 8080 },
      logLevel: 'info',
      logFormat: 'standard',
      drainDelayMs: 0,
      stockImageName: false,
      tls: { kind: 'files', certFile: 'c', keyFile: 'k' },
      defaults: {
        address: 'http://vault:8200',
        authType: 'kubernetes',
        authPath: 'auth/kubernetes',
        image: 'claviger/agent:development',
        profile: { name: 'claviger' },
        resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '128Mi' } },
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

  test('the stock name of the image counts only without ours', () => {
    expect(read(['-vault-image=v']).defaults.image).toBe('v')
    expect(read(['-vault-image=v']).stockImageName).toBe(true)
    expect(read(['-vault-image=v', '-agent-image=a']).defaults.image).toBe('a')
  })

  test('without files the certificate is generated', () => {
    const parsed = readConfig(
      ['-vault-address=http://v', '-tls-auto=cfg', '-tls-auto-hosts=a.b.svc, a'],
      { NAMESPACE: 'ns' },
    )
    expect(parsed).toMatchObject({
      value: {
        tls: {
          kind: 'generated',
          webhookConfiguration: 'cfg',
          hosts: ['a.b.svc', 'a'],
          secret: 'claviger-webhook-certs',
          namespace: 'ns',
        },
      },
    })
  })

  test('the stray argument of the stock chart is passed over', () => {
    expect(read(['2>&1']).listen.port).toBe(8080)
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
    const parsed = readConfig([...required, '-log-levl=x', '-profile=vault-k9s'], {})
    expect(parsed).toMatchObject({
      issues: [
        { code: 'flag_unknown', path: '-log-levl', hint: 'did you mean -log-level?' },
        {
          code: 'flag',
          path: '-profile',
          expected: 'one of "claviger", "vault-k8s"',
          got: 'vault-k9s',
          hint: 'write "vault-k8s"',
        },
      ],
    })
  })
})

test('--help names every flag and variable', () => {
  const help = renderHelp()
  for (const { name, env } of Object.values(flags)) {
    expect(help).toContain(`  -${name}=…\n`)
    expect(help).toContain(`      ${env}\n`)
  }
})

test('no flag and no variable is there twice', () => {
  const rows = Object.values(flags)
  expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length)
  expect(new Set(rows.map(({ env }) => env)).size).toBe(rows.length)
})
