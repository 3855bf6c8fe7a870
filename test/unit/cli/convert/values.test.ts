import { describe, expect, test } from '@jest/globals'
import { load } from 'js-yaml'
import { readValues } from '../../../../cli/convert/read-values.ts'
import { buildValues, writeValues } from '../../../../cli/convert/write.ts'
import { flags } from '../../../../webhook/config/flags.ts'
import {
  chartSchema,
  convertValues,
  listLost,
  listSchemaProblems,
  options,
} from '../../../support/conversion.ts'
import { stockValues } from '../../../support/vault-helm-values.ts'

describe('values of vault-helm', () => {
  const conversion = convertValues(stockValues)
  const { values, remarks } = buildValues(conversion)

  test('become values that the chart’s schema takes', () => {
    expect(listSchemaProblems(values)).toEqual([])
    expect(values).toMatchObject({
      global: { externalVaultAddr: 'https://vault.example.com:8200' },
      imagePullSecrets: [{ name: 'a' }, { name: 'b' }],
      injector: {
        replicas: 3,
        port: 9443,
        logLevel: 'debug',
        authPath: 'auth/cluster',
        failurePolicy: 'Fail',
        timeoutSeconds: 10,
        namespaceSelector: { matchLabels: { inject: 'yes' } },
        vaultCaCert: expect.stringMatching(/^-----BEGIN CERTIFICATE/),
        agentDefaults: {
          memRequest: '40Mi',
          templateConfig: { exitOnRetryFailure: false, staticSecretRenderInterval: '10m' },
          setSecurityContext: false,
          runAsUser: '1234',
          vaultNamespace: 'team',
        },
        affinity: { podAntiAffinity: {} },
        nodeSelector: { 'kubernetes.io/os': 'linux' },
        topologySpread: [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' }],
        serviceAccount: { annotations: { b: '2' } },
        extraEnvironmentVars: { HTTPS_PROXY: 'http://proxy:3128' },
      },
    })
  })

  test('without a counterpart are listed, each with a reason', () => {
    const lost = listLost({ remarks })
    for (const from of [
      'global.psp',
      'injector.leaderElector',
      'injector.image.repository',
      'injector.image.tag',
      'injector.agentImage',
      'injector.failurePolicy',
      'injector.topologySpreadConstraints',
      'injector.replica',
      'AGENT_INJECT_USE_LEADER_ELECTOR',
      'AGENT_INJECT_TEMPLATE_LEASE_RENEWAL_THRESHOLD',
      'AGENT_INJECT_LOG_LEVL',
      'AGENT_INJECT_TLS_AUTO',
      'server',
      'csi',
    ]) {
      expect(lost).toContain(from)
    }
    expect(lost).not.toContain('injector.certs.keyName')
    expect(remarks.find(({ from }) => from === 'injector.replica')?.reason).toContain(
      'injector.replicas',
    )
  })

  test('are never passed over: each alone is a setting or a remark', () => {
    const leaves = (value: unknown, path: readonly string[]): readonly (readonly string[])[] =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.entries(value).flatMap(([key, member]) => leaves(member, [...path, key]))
        : [path]
    const silent = leaves(stockValues, []).filter((path) => {
      const value = path.reduce<unknown>(
        (found, key) => Reflect.get(Object(found), key),
        stockValues,
      )
      const alone = path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value)
      const { settings, remarks: said } = convertValues({ injector: {}, ...Object(alone) })
      const address = { from: 'global.externalVaultAddr' }
      const about = [...settings, ...said].filter(({ from }) => from !== address.from)
      return about.length === 0
    })
    expect(silent.map((path) => path.join('.'))).toEqual([
      // They are the address, or part of the assumed one.
      'global.tlsDisable',
      'global.externalVaultAddr',
    ])
  })

  test('empty ones set nothing', () => {
    const empty = { injector: { affinity: null, resources: {}, agentDefaults: { cpuLimit: '' } } }
    const { settings, remarks: said } = convertValues(empty)
    expect(settings.map(({ from }) => from)).toEqual(['global.externalVaultAddr'])
    expect(listLost({ remarks: said })).toEqual([])
  })

  test('true and false may be texts', () => {
    const { values: found } = buildValues(
      convertValues({ global: { enabled: 'false' }, injector: { enabled: 'true' } }),
    )
    expect(found).toMatchObject({ global: { enabled: false }, injector: { enabled: true } })
  })

  test('of a wrong shape are listed, never passed on', () => {
    const wrong = {
      injector: { replicas: 'many', logLevel: 'loud', hostNetwork: 'yes', annotations: [1] },
    }
    const conversion = convertValues(wrong)
    expect(listLost(conversion).toSorted()).toEqual([
      'injector.annotations',
      'injector.hostNetwork',
      'injector.logLevel',
      'injector.replicas',
    ])
    expect(listSchemaProblems(buildValues(conversion).values)).toEqual([])
  })

  test.each([
    [{ injector: {} }, 'http://vault.ns.svc:8200', 'vault'],
    [{ global: { tlsDisable: false } }, 'https://secrets-vault.ns.svc:8200', 'secrets'],
    [{ injector: { externalVaultAddr: 'https://a' } }, 'https://a', 'vault'],
    [
      { global: { externalVaultAddr: 'https://b' }, injector: { externalVaultAddr: 'https://a' } },
      'https://b',
      'vault',
    ],
  ])('the address of %j is %s', (given, address, release) => {
    const conversion = convertValues(given, { ...options, release, namespace: 'ns' })
    expect(buildValues(conversion).values).toMatchObject({ global: { externalVaultAddr: address } })
    const assumed = conversion.remarks.some(({ kind }) => kind === 'assumed')
    expect(assumed).toBe(address.includes('ns.svc'))
  })

  test.each([undefined, null, 'text', [], { replicas: 2 }])('%j is none', (values) => {
    expect(readValues(values, options)).toBeUndefined()
  })
})

describe('-keep-behaviour', () => {
  const keeping = { ...options, keepsBehaviour: true }

  test('writes the profile, the image and the defaults of vault-k8s', () => {
    const { values } = buildValues(convertValues({ injector: {} }, keeping))
    expect(values).toMatchObject({
      injector: {
        profile: 'vault-k8s',
        agentImage: { repository: 'hashicorp/vault', tag: '2.0.4' },
        agentDefaults: {
          cpuLimit: '500m',
          cpuRequest: '250m',
          memLimit: '128Mi',
          memRequest: '64Mi',
        },
        failurePolicy: 'Ignore',
        matchPolicy: 'Exact',
        timeoutSeconds: 30,
      },
    })
  })

  test('what is given beats those defaults', () => {
    const { values, remarks } = buildValues(convertValues(stockValues, keeping))
    expect(values).toMatchObject({
      injector: {
        agentImage: { repository: 'registry.example/vault', tag: '1.21.2' },
        agentDefaults: { cpuLimit: '100m' },
        failurePolicy: 'Fail',
      },
    })
    expect(listLost({ remarks })).not.toContain('injector.agentImage')
  })

  test('is a profile of the webhook, and values for a chart that has it', () => {
    const { values } = buildValues(convertValues(stockValues, keeping))
    expect(values).toMatchObject({ injector: { profile: 'vault-k8s' } })
    expect(flags.profile.kind.parse('vault-k8s')).toBe('vault-k8s')
    const unknown = chartSchema.properties.injector.properties.profile.enum.includes('vault-k8s')
      ? []
      : [{ instancePath: '/injector/profile' }]
    expect(listSchemaProblems(values)).toMatchObject(unknown)
  })
})

test('the text of the values is what they are', () => {
  const conversion = convertValues(stockValues)
  expect(load(writeValues(conversion).text)).toEqual(buildValues(conversion).values)
})
