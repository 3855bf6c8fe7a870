/** Values files of vault-helm as users write them: what is rendered of them, and what is said of the rest. */
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { runCommand } from '../commands.ts'
import { paths, repository } from '../settings.ts'
import { anyAddress, findKind, type Rendered, render, renderText } from './render.ts'
import { stockFiles } from './values.ts'

const file = (name: string) => stockFiles.get(name) ?? ''
const readDeployment = (objects: readonly Rendered[]) =>
  Object(findKind(objects, 'Deployment')).spec.template.spec

describe('values files of vault-helm', () => {
  test.each(['ha-server', 'dev'])(
    '%s names no store, which is told and how to mend it',
    async (name) => {
      const wanted = name === 'dev' ? 'http://vault.vault.svc:8200' : 'https://vault.vault.svc:8200'
      await expect(renderText({ files: [file(name)] })).rejects.toThrow(
        `--set global.externalVaultAddr=${wanted}`,
      )
    },
  )

  test.each([...stockFiles.keys()])('%s never runs the image of a vault-k8s', async (name) => {
    const { containers } = readDeployment(await render({ files: [file(name)], values: anyAddress }))
    expect(containers[0].image).toBe('claviger/webhook:0.1.0')
  })

  test('openshift chooses no user, and closes the network', async () => {
    const objects = await render({ files: [file('openshift')] })
    const { securityContext, containers } = readDeployment(objects)
    expect(Object.keys(securityContext).sort()).toEqual(['runAsNonRoot', 'seccompProfile'])
    expect(containers[0].args).toEqual(
      expect.arrayContaining([
        '-set-security-context=false',
        '-vault-image=registry.connect.redhat.com/hashicorp/vault:1.18.1-ubi',
      ]),
    )
    expect(findKind(objects, 'NetworkPolicy')).toBeDefined()
  })

  test('cert-manager keeps its annotation, and the webhook publishes no CA', async () => {
    const objects = await render({ files: [file('cert-manager')], namespace: 'vault' })
    const configuration = findKind(objects, 'MutatingWebhookConfiguration')
    expect(configuration?.metadata.annotations).toEqual({
      'cert-manager.io/inject-ca-from': 'vault/injector-certificate',
    })
    const { containers } = readDeployment(objects)
    expect(containers[0].args.join(' ')).toContain('-tls-cert-file=/etc/webhook/certs/tls.crt')
    expect(containers[0].args.join(' ')).not.toContain('-tls-auto')
  })

  test('manual-tls keeps names and CA', async () => {
    const objects = await render({ files: [file('manual-tls')] })
    const { webhooks } = Object(findKind(objects, 'MutatingWebhookConfiguration'))
    expect(webhooks[0].clientConfig.caBundle).toMatch(/^LS0tLS1/)
    expect(webhooks[0].namespaceSelector.matchLabels).toEqual({
      'vault.hashicorp.com/injection': 'enabled',
    })
    const { containers } = readDeployment(objects)
    expect(containers[0].args).toContain('-tls-key-file=/etc/webhook/certs/injector.key')
  })

  test('a CA without a Secret is left alone, or each upgrade would reset the webhook’s own', async () => {
    const injector = { certs: { caBundle: 'QUJD' } }
    const objects = await render({ values: { ...anyAddress, injector } })
    const { webhooks } = Object(findKind(objects, 'MutatingWebhookConfiguration'))
    expect(webhooks[0].clientConfig.caBundle).toBeUndefined()
  })

  test('what excludes each other is refused with words', async () => {
    const injector = { vaultCaCert: 'x', vaultCa: { configMapName: 'y' } }
    await expect(renderText({ values: { ...anyAddress, injector } })).rejects.toThrow('keep one of')
  })

  test('what is set to nothing is nothing', async () => {
    const values = {
      global: { ...anyAddress.global, imagePullSecrets: null },
      injector: {
        podDisruptionBudget: null,
        certs: { secretName: null },
        nodeSelector: null,
        affinity: null,
        tolerations: null,
        annotations: null,
        extraEnvironmentVars: null,
        topologySpread: null,
      },
    }
    const objects = await render({ values })
    expect(findKind(objects, 'PodDisruptionBudget')).toBeUndefined()
    expect(readDeployment(objects).nodeSelector).toEqual({ 'kubernetes.io/os': 'linux' })
  })

  test('nothing is rendered when nothing is enabled', async () => {
    expect(await render({ values: { global: { enabled: false } } })).toEqual([])
    const injector = { enabled: 'true' }
    const values = { global: { ...anyAddress.global, enabled: false }, injector }
    expect((await render({ values })).length).toBeGreaterThan(5)
  })
})

describe('the notes of the installation', () => {
  async function readNotes(name: string, ...settings: readonly string[]): Promise<string> {
    const chart = join(repository, 'charts/claviger')
    const address = 'global.externalVaultAddr=https://vault.example.com'
    const text = await runCommand({
      program: join(paths.binaries, 'helm'),
      args: [
        ...['install', 'claviger', chart, '--dry-run=client', '--values', file(name)],
        ...[address, ...settings].flatMap((setting) => ['--set', setting]),
      ],
    })
    return text.slice(text.indexOf('NOTES:'))
  }

  test.each([
    ['external', []],
    [
      'ha-server',
      ['server', 'ui', 'serverTelemetry', 'global.tlsDisable', 'injector.image.repository'],
    ],
    ['openshift', ['server', 'injector.image.repository']],
    ['dev', ['server', 'ui']],
    ['cert-manager', ['global.tlsDisable', 'injector.leaderElector']],
    ['manual-tls', []],
    [
      'custom',
      ['csi', 'server', 'global.psp', 'injector.leaderElector', 'injector.image.repository'],
    ],
  ])('of %s name what has no effect', async (name, expected) => {
    const [, list = ''] = (await readNotes(name)).split('Values without effect:')
    const [lines = ''] = list.split('Mind:')
    const named = [...lines.matchAll(/^ {2}([\w.]+)(?:| and tag): /gm)].map(([, path]) => path)
    expect(named).toEqual(expect.arrayContaining(expected))
    if (expected.length === 0) expect(list).toBe('')
  })

  test('say that Ignore alone lets pods start without their secrets', async () => {
    const open = ['injector.webhook.failurePolicy=Ignore', 'injector.admissionPolicy.enabled=false']
    expect(await readNotes('external', ...open)).toContain('it starts without its secrets')
    expect(await readNotes('external')).not.toContain('it starts without its secrets')
  })
})
