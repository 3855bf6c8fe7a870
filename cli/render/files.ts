/** The files that the pods of manifests ask for, by the webhook's own reading of their annotations. */

import type { StoreSettings } from '../../core/stores/settings/store-settings.ts'
import type { Outcome } from '../../webhook/inject/mutate.ts'
import { readPod } from '../../webhook/inject/pod.ts'
import type { WebhookDefaults } from '../../webhook/inject/profiles.ts'
import type { SecretFile } from '../../webhook/inject/settings/secret-file.ts'
import { readSettings } from '../../webhook/inject/settings/settings.ts'
import { type InspectedSource, nameObject } from '../manifests/inspect.ts'

export interface PodFiles {
  /** `Kind/name`, or where the pod stands. */
  readonly object: string
  readonly files: readonly SecretFile[]
  /** Those that are described to its agent; undefined: its references know none, and paths are those of one Vault. */
  readonly stores: readonly StoreSettings[] | undefined
}

/** The problem code of a template that does not parse: rendering it says more about it. */
export const templateProblem = 'template'

/** Of pods that would be injected if all their templates parsed; others have no files. */
export function listFiles(
  sources: readonly InspectedSource[],
  defaults: WebhookDefaults,
): readonly PodFiles[] {
  return sources.flatMap(({ documents }) =>
    documents.flatMap(({ document, pods }) =>
      pods.flatMap(({ site, pod, outcome }) => {
        const view = readPod(pod, defaults.profile)
        if (!isRenderable(outcome) || view.kind !== 'ok') return []
        const { files, stores } = readSettings(view.value, defaults).settings
        const { references, described } = stores.known
        const own = references && described.map(({ settings }) => settings)
        return [{ object: nameObject(site.object, document), files, stores: own }]
      }),
    ),
  )
}

function isRenderable(outcome: Outcome): boolean {
  if (outcome.kind !== 'denied') return outcome.kind === 'injected'
  return outcome.issues.every(({ code }) => code === templateProblem)
}
