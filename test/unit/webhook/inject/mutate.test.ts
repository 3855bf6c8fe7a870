import { describe, expect, test } from '@jest/globals'
import { formatDenial, mutate } from '../../../../webhook/inject/mutate.ts'
import { nameNamespace } from '../../../../webhook/inject/namespace.ts'
import { createDefaults } from '../../../support/webhook-defaults.ts'

const defaults = createDefaults({ address: 'https://vault:8200', image: 'agent:1' })
const base = { 'vault.hashicorp.com/agent-inject': 'true', 'vault.hashicorp.com/role': 'app' }

function inject(annotations: Record<string, string>) {
  const metadata = { annotations: { ...base, ...annotations } }
  return mutate(
    { metadata, spec: { containers: [{ name: 'app' }] } },
    nameNamespace('default'),
    defaults,
  )
}

/** Annotation → the keys of the issues it leads to. */
function findProblems(annotations: Record<string, string>): readonly string[] {
  const outcome = inject(annotations)
  return outcome.kind === 'denied' ? outcome.issues.map(({ path }) => path) : []
}

describe('every annotation of the table is checked', () => {
  const key = (name: string) => `vault.hashicorp.com/${name}`
  test.each([
    ['role', ' ', 'app'],
    ['service', 'vault', 'http://vault:8200'],
    ['auth-path', '', 'auth/jwt'],
    ['auth-type', 'oci', 'jwt'],
    ['agent-inject-file-a', '..', 'a.env'],
    ['agent-inject-file-a', '../a', ''],
    ['agent-inject-perms-a', 'rw', '0600'],
    ['agent-inject-perms-a', '0999', ''],
    ['secret-volume-path', '/', '/secrets'],
    ['secret-volume-path-a', 'relative', '/other'],
    ['agent-pre-populate', 'no', 'false'],
    ['agent-pre-populate-only', 'on', 'true'],
    ['namespace', 'a b', 'team/app'],
    ['tls-skip-verify', 'yes', 'true'],
    ['tls-server-name', 'vault:8200', 'vault.internal'],
    ['ca-cert', 'ca.crt', '/vault/tls/ca.crt'],
    ['tls-secret', 'Vault_TLS', 'vault-tls'],
    ['agent-extra-secret', 'a/b', 'templates'],
    ['client-timeout', 'long', '45'],
    ['log-level', 'loud', 'WARN'],
    ['log-format', 'xml', 'json'],
    ['agent-init-first', 'yes', 'true'],
    ['agent-share-process-namespace', 'yes', 'true'],
    ['agent-set-security-context', 'no', 'false'],
    ['agent-run-as-user', 'root', '0'],
    ['agent-run-as-group', '', '2147483647'],
    ['agent-run-as-user', '2147483648', '1000'],
    ['agent-run-as-same-user', 'yes', 'false'],
    ['agent-inject-template-file-a', 'a.tpl', '/vault/custom/a.tpl'],
    ['error-on-missing-key-a', 'yes', 'true'],
    ['agent-inject-default-template', 'yaml', 'Json'],
    ['preserve-secret-case', 'yes', 'true'],
    ['preserve-secret-case-a', 'yes', ''],
    ['agent-inject-token', 'yes', 'true'],
    ['auth-min-backoff', 'soon', '2s'],
    ['auth-max-backoff', '-1s', ''],
    ['agent-auto-auth-exit-on-err', 'yes', 'true'],
    ['template-config-exit-on-retry-failure', 'no', 'false'],
    ['template-lease-renewal-threshold', '75%', '0.75'],
    ['template-static-secret-render-interval', 'often', '30s'],
    ['agent-image', '', 'agent:2'],
    ['agent-limits-cpu', 'one', '1'],
    ['agent-limits-mem', '1 GB', '1Gi'],
    ['agent-limits-ephemeral', '-1', '1Gi'],
    ['agent-requests-cpu', '1 core', '1m'],
    ['agent-requests-mem', 'much', '16Mi'],
    ['agent-requests-ephemeral', '1b', ''],
  ])('%s: %j is denied, %j is not', (name, wrong, right) => {
    const secret = { [key('agent-inject-secret-a')]: 'secret/data/a' }
    expect(findProblems({ ...secret, [key(name)]: wrong })).toEqual([key(name)])
    expect(findProblems({ ...secret, [key(name)]: right })).toEqual([])
  })

  test('a blank secret declares nothing', () => {
    const outcome = inject({ [key('agent-inject-secret-a')]: '  ' })
    expect(outcome).toMatchObject({ kind: 'injected', warnings: [/no secret is declared/] })
  })

  test.each(['..', 'a/../b', 'x\u0000'])('the secret name %j needs a file name', (name) => {
    const declared = key(`agent-inject-secret-${name}`)
    expect(findProblems({ [declared]: 'secret/a' })).toEqual([declared])
    expect(
      findProblems({ [declared]: 'secret/a', [key(`agent-inject-file-${name}`)]: '' }),
    ).toEqual([declared])
    expect(
      findProblems({ [declared]: 'secret/a', [key(`agent-inject-file-${name}`)]: 'a' }),
    ).toEqual([])
  })

  test('no agent at all is denied', () => {
    const none = {
      [key('agent-pre-populate')]: 'false',
      [key('agent-pre-populate-only')]: 'true',
    }
    expect(findProblems(none)).toEqual([key('agent-pre-populate-only')])
  })

  test('a directory in another one is denied', () => {
    const nested = {
      [key('agent-inject-secret-a')]: 'secret/a',
      [key('secret-volume-path-a')]: '/vault/secrets/a',
    }
    expect(findProblems(nested)).toEqual([key('secret-volume-path-a')])
  })
})

test.each([
  ['client-cert', 'client-key'],
  ['client-key', 'client-cert'],
])('%s needs %s', (given, missing) => {
  const key = (name: string) => `vault.hashicorp.com/${name}`
  expect(findProblems({ [key(given)]: '/vault/tls/x.pem' })).toEqual([key(missing)])
  expect(findProblems({ [key(given)]: 'x.pem', [key(missing)]: '/vault/tls/x.pem' })).toEqual([
    key(given),
  ])
})

test('a file of the pod beats the CA of the operator', () => {
  const operator = { ...defaults, caCert: 'operator' }
  const metadata = { annotations: { ...base, 'vault.hashicorp.com/ca-cert': '/vault/tls/ca.crt' } }
  const spec = { containers: [{ name: 'app' }] }
  const named = JSON.stringify(mutate({ metadata, spec }, nameNamespace('default'), operator))
  expect(named).not.toContain('VAULT_CACERT_BYTES')
  const silent = { metadata: { annotations: base }, spec }
  const text = JSON.stringify(mutate(silent, nameNamespace('default'), operator))
  expect(text).toContain('{"name":"VAULT_CACERT_BYTES","value":"operator"}')
})

describe('auth-config', () => {
  const key = (name: string) => `vault.hashicorp.com/${name}`
  const pod = (annotations: Record<string, string>) => ({
    metadata: { annotations: { [key('agent-inject')]: 'true', ...annotations } },
    spec: { containers: [{ name: 'app' }] },
  })
  test.each([
    [{ [key('auth-config-role')]: 'app' }, []],
    [{ [key('auth-config-role')]: ' ' }, [key('role')]],
    [{ [key('role')]: ' ', [key('auth-config-role')]: 'app' }, [key('role')]],
  ])('%j lacks %j', (annotations, paths) => {
    const outcome = mutate(pod(annotations), nameNamespace('default'), defaults)
    const issues = outcome.kind === 'denied' ? outcome.issues : []
    expect(issues.map(({ path }) => path)).toEqual(paths)
  })

  test('a parameter that the agent does not know earns a warning', () => {
    const outcome = inject({ [key('auth-config-max-ttl')]: '1h', [key('auth-config-path')]: '/x' })
    expect(outcome.kind === 'injected' ? outcome.warnings : []).toContain(
      `${key('auth-config-max-ttl')} is no parameter of kubernetes and has no effect`,
    )
  })
})

describe('values that do not go together are denied', () => {
  const key = (name: string) => `vault.hashicorp.com/${name}`
  const secret = { [key('agent-inject-secret-a')]: 'secret/a' }
  test.each([
    ['auth-min-backoff', { [key('auth-min-backoff')]: '6m' }],
    ['auth-max-backoff', { [key('auth-max-backoff')]: '500ms' }],
    ['auth-min-backoff', { [key('auth-min-backoff')]: '3s', [key('auth-max-backoff')]: '2s' }],
    ['agent-inject-secret-token', { [key('agent-inject-secret-token')]: 'secret/t' }],
  ])('%s in %j', (path, values) => {
    expect(findProblems({ ...secret, [key('agent-inject-token')]: 'true', ...values })).toEqual([
      key(path),
    ])
  })
})

test('what has no effect earns a warning', () => {
  const outcome = inject({
    'vault.hashicorp.com/agent-inject-template-a': 'inline',
    'vault.hashicorp.com/agent-inject-template-file-a': '/vault/custom/a.tpl',
    'vault.hashicorp.com/agent-template-left-delim-b': '<<',
  })
  expect(outcome).toMatchObject({
    kind: 'injected',
    warnings: [
      'vault.hashicorp.com/agent-template-left-delim-b has no effect without vault.hashicorp.com/agent-inject-secret-b',
      'vault.hashicorp.com/agent-inject-template-file-a has no effect beside vault.hashicorp.com/agent-inject-template-a',
    ],
  })
})

describe('a value that may be secret is not repeated', () => {
  test.each(['service', 'role', 'agent-image', 'secret-volume-path', 'agent-inject-file-a'])(
    '%s',
    (name) => {
      const outcome = inject({
        'claviger.dev/agent-inject-secret-a': 'secret/a',
        [`claviger.dev/${name}`]: ' hunter2\n',
      })
      if (outcome.kind !== 'denied') throw new Error('expected a denial')
      expect(formatDenial(outcome.issues)).toContain(`claviger.dev/${name}`)
      expect(formatDenial(outcome.issues)).not.toContain('hunter2')
    },
  )
})

describe('what is no pod is denied, never thrown', () => {
  test.each([
    [null, 'object'],
    ['text', 'object'],
    [[], 'object'],
    [{}, 'spec.containers'],
    [{ spec: { containers: [null] } }, 'spec.containers'],
    [{ spec: { containers: [{}], volumes: {} } }, 'spec.volumes'],
    [{ spec: { containers: [{ volumeMounts: 1 }] } }, 'spec.containers[0].volumeMounts'],
    [{ metadata: { annotations: [] }, spec: { containers: [{}] } }, 'metadata.annotations'],
    [
      { metadata: { annotations: { a: true } }, spec: { containers: [{}] } },
      'metadata.annotations["a"]',
    ],
  ])('%j', (pod, path) => {
    const outcome = mutate(pod, nameNamespace('default'), defaults)
    expect(outcome).toMatchObject({ kind: 'denied', reason: 'pod_invalid' })
    expect(outcome.kind === 'denied' ? outcome.issues.map((issue) => issue.path) : []).toContain(
      path,
    )
  })
})

describe('formatDenial', () => {
  const issue = { code: 'c', path: 'p', expected: 'e' }
  test('one problem is one line', () => {
    expect(formatDenial([issue])).toBe('claviger: p: expected e')
  })
  test('several are a list', () => {
    expect(formatDenial([issue, { ...issue, got: '1', hint: 'h' }])).toBe(
      'claviger: 2 problems\n- p: expected e\n- p: expected e, got "1" (h)',
    )
  })
})
