/** Which agent runs, and from which image. */
import type { AnnotationReader } from '../annotations/annotation-reader.ts'
import { annotations } from '../annotations/annotations.ts'
import type { Flavour, PullPolicy } from '../annotations/container-annotations.ts'
import type { WebhookDefaults } from '../profiles.ts'
import type { Reading } from './reading.ts'

export interface AgentImage {
  readonly flavour: Flavour
  readonly image: string
  /** Undefined for Kubernetes' own choice. */
  readonly pullPolicy: PullPolicy | undefined
  /** Secrets that the pod gets besides its own. */
  readonly pullSecrets: readonly string[]
}

/** An image that came by a name of vault-k8s holds a stock agent unless somebody says otherwise. Problem code: `annotation_missing`. */
export function readAgentImage(
  reader: AnnotationReader,
  defaults: WebhookDefaults,
): Reading<AgentImage> {
  const { profile } = defaults
  const image = reader.plain(annotations.image) ?? (defaults.image || profile.image || '')
  const isStock = profile.lenient || reader.has(annotations.image) || defaults.stockImage
  const value = {
    flavour:
      reader.plain(annotations.flavour) ?? defaults.flavour ?? (isStock ? 'vault' : 'claviger'),
    image,
    pullPolicy: reader.plain(annotations.pullPolicy) ?? defaults.imagePullPolicy,
    pullSecrets: reader.plain(annotations.pullSecrets) ?? [],
  }
  const missing = {
    code: 'annotation_missing',
    path: reader.spell(annotations.image.key),
    expected: annotations.image.kind.expected,
    stage: 'validate',
  } as const
  return { value, problems: image === '' ? [missing] : [], warnings: [] }
}
