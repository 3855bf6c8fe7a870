/** Finds and reads the kubeconfig as kubectl does, and says what is wrong with it. */
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { AppError } from '../../core/errors.ts'
import type { Variables } from '../../core/go-flags.ts'
import { findNearest } from '../../core/nearest.ts'
import type { ClusterChoice } from './flags.ts'
import { KubeConfig } from './kubernetes-client.ts'

const tokenFile = '/var/run/secrets/kubernetes.io/serviceaccount/token'

/** Throws `config_invalid`. Of several files in KUBECONFIG the first that has a name counts, as in kubectl. */
export function loadKubeconfig(choice: ClusterChoice, variables: Variables): KubeConfig {
  const paths = findPaths(choice, variables)
  const config = paths.length === 0 ? loadFromPod(variables) : merge(paths.map(loadFile))
  return chooseContext(config, choice.context)
}

function findPaths({ kubeconfig }: ClusterChoice, variables: Variables): readonly string[] {
  if (kubeconfig !== undefined) return [kubeconfig]
  const listed = (variables['KUBECONFIG'] ?? '').split(delimiter).filter((path) => path !== '')
  const present = listed.filter((path) => existsSync(path))
  if (listed.length > 0) return present.length > 0 ? present : listed.slice(0, 1)
  const usual = join(variables['HOME'] ?? variables['USERPROFILE'] ?? '', '.kube/config')
  return existsSync(usual) ? [usual] : []
}

function loadFromPod(variables: Variables): KubeConfig {
  if (variables['KUBERNETES_SERVICE_HOST'] === undefined || !existsSync(tokenFile)) {
    throw new AppError('config_invalid', {
      reason: 'there is no kubeconfig',
      expected: '-kubeconfig=PATH, the variable KUBECONFIG, or ~/.kube/config',
    })
  }
  const config = new KubeConfig()
  config.loadFromCluster()
  return config
}

function loadFile(path: string): KubeConfig {
  const config = new KubeConfig()
  try {
    config.loadFromFile(path)
  } catch (thrown) {
    const reason = existsSync(path) ? 'cannot be read as a kubeconfig' : 'does not exist'
    throw new AppError('config_invalid', { kubeconfig: path, reason }, { cause: thrown })
  }
  return config
}

function merge([first, ...others]: readonly KubeConfig[]): KubeConfig {
  const config = new KubeConfig()
  const all = first === undefined ? others : [first, ...others]
  const pick = <T extends { readonly name: string }>(items: readonly T[]) => [
    ...new Map(items.toReversed().map((item) => [item.name, item])).values(),
  ]
  config.loadFromOptions({
    clusters: pick(all.flatMap(({ clusters }) => clusters)),
    users: pick(all.flatMap(({ users }) => users)),
    contexts: pick(all.flatMap(({ contexts }) => contexts)),
    currentContext: all.map(({ currentContext }) => currentContext).find((name) => name),
  })
  return config
}

function chooseContext(config: KubeConfig, wanted: string | undefined): KubeConfig {
  const name = wanted ?? config.getCurrentContext()
  const names = config.getContexts().map((context) => context.name)
  if (!names.includes(name)) {
    const meant = name ? findNearest(name, names) : undefined
    throw new AppError('config_invalid', {
      context: name || 'none is set',
      expected: names.length === 0 ? 'a kubeconfig with contexts' : `one of ${names.join(', ')}`,
      ...(meant === undefined ? {} : { hint: `did you mean -context=${meant}?` }),
    })
  }
  config.setCurrentContext(name)
  if (config.getCurrentCluster() === null) {
    throw new AppError('config_invalid', {
      context: name,
      reason: 'its cluster is not in the kubeconfig',
    })
  }
  return config
}
