/** `webhook check NAMESPACE <flags of agent-inject>`: what `helm test` runs in the cluster. */
import { readFile } from 'node:fs/promises'
import { CoreV1Api, type KubeConfig } from '@kubernetes/client-node'
import type { Clock } from '../../core/clock.ts'
import { systemCode } from '../../core/errors.ts'
import type { WebhookConfig } from '../config/config.ts'
import { checkInjection } from './injection.ts'
import { checkStore } from './store.ts'

export interface CheckDeps {
  readonly kube: KubeConfig
  readonly config: WebhookConfig
  readonly namespace: string
  readonly clock: Clock
}

/** A line for each thing that was looked at, and whether all is well. */
export async function runCheck(deps: CheckDeps): Promise<{
  readonly lines: readonly string[]
  readonly isGood: boolean
}> {
  const { kube, config, namespace, clock } = deps
  const api = kube.makeApiClient(CoreV1Api)
  const { signal } = new AbortController()
  const injection = await checkInjection({ api, namespace, clock, signal })
  const { address } = config.defaults
  const store = address === '' ? undefined : await lookAtStore(config)
  const found = address === '' ? 'no Vault is configured' : `the store at ${address} answers`
  return {
    isGood: injection === undefined && store === undefined,
    lines: [
      injection === undefined
        ? `good: pods of namespace ${namespace} are injected`
        : `bad: ${injection}`,
      store === undefined ? `good: ${found}` : `bad: ${store}`,
    ],
  }
}

async function lookAtStore({ defaults, storeCaFile }: WebhookConfig): Promise<string | undefined> {
  try {
    const ca = storeCaFile === '' ? defaults.caCert : await readFile(storeCaFile, 'utf8')
    return await checkStore({ address: defaults.address, ca })
  } catch (thrown) {
    return `the CA of the store in ${storeCaFile} cannot be read (${systemCode(thrown) ?? 'unknown'})`
  }
}
