/** The defaults of the installed webhook, from the arguments and variables of its Deployment, by the webhook's own reader. */
import type { V1Deployment } from '@kubernetes/client-node'
import { readConfig } from '../../webhook/config/config.ts'
import type { WebhookDefaults } from '../../webhook/inject/profiles.ts'
import { readPodDefaults } from '../webhook-flags.ts'

export interface InstalledWebhook {
  readonly defaults: WebhookDefaults
  /** Whether it makes and renews its own certificate. */
  readonly ownCertificate: boolean
}

/** Undefined where they cannot be read: variables may come from elsewhere. */
export function readInstalled(deployment: V1Deployment | undefined): InstalledWebhook | undefined {
  const [container] = deployment?.spec?.template.spec?.containers ?? []
  if (container === undefined) return undefined
  const [first, ...others] = [...(container.command ?? []), ...(container.args ?? [])]
  const words = first === 'agent-inject' ? others : [first, ...others].slice(1)
  const texts = (container.env ?? []).map(({ name, value }) => [name, value] as const)
  const config = readConfig(
    words.filter((word) => word !== undefined),
    Object.fromEntries(texts),
  )
  if (config.kind === 'issues') return undefined
  const { defaults, tls } = config.value
  const ownNamespace = deployment?.metadata?.namespace
  return {
    defaults: { ...defaults, ownNamespace },
    ownCertificate: tls.source.kind === 'generated',
  }
}

/** Those of a webhook that was told nothing. */
export function usualDefaults(): WebhookDefaults {
  const usual = readPodDefaults(new Map(), {})
  if (usual.kind === 'issues') throw new Error('the defaults of the flags are no good flags')
  return usual.value
}
