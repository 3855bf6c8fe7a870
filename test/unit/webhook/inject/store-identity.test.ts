/** What an agent gets to prove to stores who the pod is. */
import { describe, expect, test } from '@jest/globals'
import type { PatchOperation } from '../../../../webhook/inject/build/patch.ts'
import { type Annotations, admit, inject } from '../../../support/own-agent.ts'

/** Without the secret and the role that every pod of `own-agent.ts` has. */
const bare: Annotations = { role: undefined, 'agent-inject-secret-a': undefined }
const template = 'agent-inject-template-t'
const secret = 'agent-inject-secret-s'
const role = 'role_arn=arn:aws:iam::111122223333:role/app'

function findVolume(patch: readonly PatchOperation[], name: string): unknown {
  return patch
    .flatMap((operation) => ('value' in operation ? [operation.value].flat() : []))
    .find((value) => Object(value).name === name)
}

describe('the identity of a store', () => {
  const directory = '/var/run/secrets/claviger.dev'
  const provider = 'projects/1/locations/global/workloadIdentityPools/p/providers/r'

  test.each<[string, string | undefined, string | undefined]>([
    [`aws ${role}`, 'sts.amazonaws.com', 'sts.amazonaws.com.token'],
    [`ssm ${role} audience=mine`, 'mine', 'mine.token'],
    ['aws identity=pod-identity', 'pods.eks.amazonaws.com', 'pods.eks.amazonaws.com.token'],
    [
      `gcp provider=${provider}`,
      `//iam.googleapis.com/${provider}`,
      'iam.googleapis.com_projects_1_locations_global_workloadIdent.token',
    ],
    [
      `gcp provider=//iam.googleapis.com/${provider}`,
      `//iam.googleapis.com/${provider}`,
      'iam.googleapis.com_projects_1_locations_global_workloadIdent.token',
    ],
    [
      'azure vault_url=https://v.vault.azure.net client_id=1',
      'api://AzureADTokenExchange',
      'api_AzureADTokenExchange.token',
    ],
    ['vault address=https://v:8200 role=r', undefined, 'cluster.token'],
    ['vault address=https://v:8200 auth=jwt', 'vault', 'vault.token'],
    ['k8s', undefined, 'cluster.token'],
  ])('%s is a token of its audience', (text, audience, file) => {
    const { sidecar, patch } = inject({ ...bare, 'store-x': text, [secret]: 'x:db' })
    expect(sidecar.claviger.stores.x).toMatchObject({ token_path: `${directory}/${file}` })
    const source = {
      path: file,
      expirationSeconds: 3600,
      ...(audience === undefined ? {} : { audience }),
    }
    const { projected } = Object(findVolume(patch, 'vault-agent-stores'))
    expect(projected.sources[0]).toEqual({ serviceAccountToken: source })
  })

  test.each([
    'aws',
    `aws identity=instance ${role}`,
    `aws ${role} token_path=/own/token`,
    'gcp project=p',
    `gcp provider=${provider} identity=metadata`,
    'azure vault_url=https://v.vault.azure.net',
    'azure vault_url=https://v.vault.azure.net client_id=1 identity=managed',
    'k8s server=https://api.example:6443 namespace=n',
    'file directory=/etc/secrets',
    'db url=sqlite:///etc/db',
  ])('%s needs no token', (text) => {
    const { volumes } = inject({ ...bare, 'store-x': text, [secret]: 'x:db' })
    expect(volumes).not.toContain('vault-agent-stores')
  })

  test.each(['', '//iam.googleapis.com/', 'https://iam.googleapis.com/'])(
    'the agent is told of a provider with %j before it as without',
    (prefix) => {
      const text = `gcp provider=${prefix}${provider}`
      const { sidecar } = inject({ ...bare, 'store-x': text, [secret]: 'x:db' })
      expect(sidecar.claviger.stores.x).toMatchObject({ provider })
    },
  )

  test.each([`/${provider}`, `//sts.googleapis.com/${provider}`, 'projects/p', `${provider}/x`])(
    'no agent is given the provider %s',
    (wrong) => {
      const annotations = { ...bare, 'store-x': `gcp provider=${wrong}`, [secret]: 'x:db' }
      const expected = expect.stringContaining(
        'projects/N/locations/global/workloadIdentityPools/P/',
      )
      expect(admit(annotations)).toMatchObject({
        kind: 'denied',
        issues: [{ path: 'vault.hashicorp.com/store-x', expected }],
      })
    },
  )

  test('one source for each audience, mounted by the agent alone', () => {
    const { patch } = inject({
      ...bare,
      'store-a': `aws ${role}`,
      'store-b': `ssm ${role}`,
      'store-c': `aws ${role} audience=sts.amazonaws.com`,
      'store-d': 'aws identity=pod-identity',
      [template]: '{{ secret "a:1" }}{{ secret "b:1" }}{{ secret "c:1" }}{{ secret "d:1" }}',
    })
    const { projected } = Object(findVolume(patch, 'vault-agent-stores'))
    expect(projected.sources).toHaveLength(2)
    const mounting = patch
      .map((operation) => JSON.stringify(operation))
      .filter((text) => text.includes('"mountPath":"/var/run/secrets/claviger.dev"'))
    expect(mounting.every((text) => text.includes('"name":"vault-agent'))).toBe(true)
    expect(mounting).toHaveLength(2)
  })

  test('audiences that would share a file get one each', () => {
    const { patch, sidecar } = inject({
      ...bare,
      'store-a': `aws ${role} audience=a/b`,
      'store-b': `aws ${role} audience=a:b`,
      [template]: '{{ secret "a:1" }}{{ secret "b:1" }}',
    })
    const { projected } = Object(findVolume(patch, 'vault-agent-stores'))
    const files = projected.sources.map(
      (source: unknown) => Object(source).serviceAccountToken.path,
    )
    expect(files).toEqual(['a_b.token', 'a_b-1.token'])
    expect(sidecar.claviger.stores.b.token_path).toBe(`${directory}/a_b-1.token`)
  })

  test('the API server is known by the CA of the cluster, and its Secrets by the namespace of the pod', () => {
    const { sidecar, patch } = inject({ ...bare, [secret]: 'k8s:tls#tls.crt' })
    expect(sidecar.claviger.stores.k8s.ca_cert).toBe(`${directory}/ca.crt`)
    const text = JSON.stringify(patch)
    expect(text).toContain(
      '{"configMap":{"name":"kube-root-ca.crt","items":[{"key":"ca.crt","path":"ca.crt"}]}}',
    )
    expect(text).toContain(
      '{"name":"K8S_NAMESPACE","valueFrom":{"fieldRef":{"fieldPath":"metadata.namespace"}}}',
    )
    const elsewhere = inject({
      ...bare,
      'store-k8s': 'server=https://api:6443 namespace=n',
      [secret]: 'k8s:a',
    })
    expect(JSON.stringify(elsewhere.patch)).not.toMatch(/kube-root-ca|K8S_NAMESPACE/)
  })

  test('a token that the pod has copied anyway is mounted once', () => {
    const place = '/var/run/secrets/azure/tokens'
    const mount = { name: 'azure-identity-token', mountPath: place, readOnly: true }
    const env = [{ name: 'AZURE_CLIENT_ID', value: 'c' }]
    const spec = {
      containers: [{ name: 'app', env, volumeMounts: [mount] }],
      volumes: [{ name: mount.name, projected: { sources: [] } }],
    }
    const store = { 'store-x': 'azure vault_url=https://v.vault.azure.net', [secret]: 'x:db' }
    const copying = { ...bare, ...store, 'agent-copy-volume-mounts': 'app' }
    for (const annotations of [{ ...bare, ...store }, copying]) {
      const text = JSON.stringify(inject(annotations, spec).patch)
      expect(text.split(`"mountPath":"${place}"`)).toHaveLength(3)
    }
  })

  test('EKS Pod Identity is asked where it answers', () => {
    const { patch } = inject({ ...bare, 'store-aws': 'identity=pod-identity', [secret]: 'aws:db' })
    const text = JSON.stringify(patch)
    expect(text).toContain('"http://169.254.170.23/v1/credentials"')
    expect(text).toContain(`"${directory}/pods.eks.amazonaws.com.token"`)
  })

  test.each([
    ['aws identity=environment', 'identity=environment needs a static key'],
    [
      'azure vault_url=https://v.vault.azure.net identity=service-principal',
      'identity=service-principal needs a static key',
    ],
    ['gcp project=p identity=credentials', 'identity=credentials needs a static key'],
    ['vault address=https://v:8200 auth=token', 'auth=token needs a static key'],
    ['k8s skip_verify=true', 'skip_verify is for development'],
  ])('%s gets a warning', (text, expected) => {
    const { warnings } = inject({ ...bare, 'store-x': text, [secret]: 'x:db' })
    expect(warnings.join('\n')).toContain(`vault.hashicorp.com/store-x: ${expected}`)
  })

  test('a static key that a JSON Patch brings gets one too', () => {
    const env = {
      name: 'AWS_SECRET_ACCESS_KEY',
      valueFrom: { secretKeyRef: { name: 'k', key: 'k' } },
    }
    const operations = JSON.stringify([{ op: 'add', path: '/env/-', value: env }])
    const { warnings } = inject({ ...bare, [secret]: 'aws:db', 'agent-json-patch': operations })
    expect(warnings.join('\n')).toContain(
      'agent-json-patch gives the agent a static key, AWS_SECRET_ACCESS_KEY',
    )
  })
})
