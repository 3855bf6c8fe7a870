/** Installs Claviger with Helm as a platform engineer would. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from './commands.ts'
import { images, paths, repository, vaultUrl } from './settings.ts'

/** Release name and namespace. */
export const release = { name: 'claviger', namespace: 'claviger-system' } as const

export interface HelmOptions {
  /** For `--set`. */
  readonly settings?: readonly string[]
  /** The chart of this repository by default. */
  readonly chart?: string
}

/** Runs `helm install` or `helm upgrade` and waits until the webhook's pods are ready. */
export async function helm(
  verb: 'install' | 'upgrade',
  kubeconfig: string,
  { settings = [], chart = join(repository, 'charts/claviger') }: HelmOptions = {},
): Promise<void> {
  const values = join(paths.state, 'values.json')
  writeFileSync(values, JSON.stringify(chartValues()))
  await runCommand({
    program: join(paths.binaries, 'helm'),
    args: [
      ...[verb, release.name, chart, '--values', values],
      ...['--namespace', release.namespace, '--wait', '--timeout', '10m'],
      ...(verb === 'install' ? ['--create-namespace'] : []),
      ...settings.flatMap((setting) => ['--set', setting]),
    ],
    environment: helmEnvironment(kubeconfig),
  })
}

/** Helm keeps what it remembers with the run. */
export function helmEnvironment(kubeconfig: string): Readonly<Record<string, string>> {
  const home = join(paths.state, 'helm')
  return {
    KUBECONFIG: kubeconfig,
    HELM_CACHE_HOME: home,
    HELM_CONFIG_HOME: home,
    HELM_DATA_HOME: home,
  }
}

/** What the end-to-end tests install with. */
export function chartValues() {
  return {
    injector: {
      image: imageValues(images.webhook),
      agentImage: imageValues(images.agent),
      externalVaultAddr: vaultUrl,
      // The most talkative level, because the tests search the logs for what must not be in them.
      logLevel: 'trace',
      // A new CA signs after this, so that a test can watch it.
      extraEnvironmentVars: { AGENT_INJECT_TLS_CA_SETTLE: '10s' },
      // Those with the label belong to an injector that a test sets up beside this one.
      namespaceSelector: {
        matchExpressions: [{ key: 'e2e.claviger.dev/injector', operator: 'DoesNotExist' }],
      },
    },
  }
}

/** No registry: the images are on the node already. */
export function imageValues(image: string) {
  const colon = image.lastIndexOf(':')
  const [repository, tag] = [image.slice(0, colon), image.slice(colon + 1)]
  return { repository, tag, pullPolicy: 'Never' }
}
