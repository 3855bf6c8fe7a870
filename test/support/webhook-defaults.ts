import { profiles, type WebhookDefaults } from '../../webhook/inject/profiles.ts'

/** A webhook that was told nothing but the store and the image. */
export function createDefaults(given: {
  readonly address: string
  readonly image: string
  /** Name of the profile; `claviger` when absent. */
  readonly profile?: string
}): WebhookDefaults {
  const profile = profiles.get(given.profile ?? 'claviger')
  if (profile === undefined) throw new Error(`no profile ${given.profile}`)
  return {
    profile,
    flavour: undefined,
    image: given.image,
    stockImage: false,
    address: given.address,
    authType: 'kubernetes',
    authPath: 'auth/kubernetes',
    caCert: undefined,
    templatePolicy: profile.templatePolicy,
    annotations: new Map(),
    resources: profile.resources,
  }
}
