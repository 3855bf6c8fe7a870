/** The annotation table: everything that reads, documents or checks annotations derives from it. */

import { bool, text } from '../kinds/value-kinds.ts'
import { type Annotation, plain } from './annotation.ts'
import { connectionAnnotations } from './connection-annotations.ts'
import { containerAnnotations } from './container-annotations.ts'
import { listenerAnnotations } from './listener-annotations.ts'
import { loginAnnotations } from './login-annotations.ts'
import { placementAnnotations } from './placement-annotations.ts'
import { secretAnnotations } from './secret-annotations.ts'
import { templatingAnnotations } from './templating-annotations.ts'

/** The status that is written to an injected pod and stops a second injection. */
export const injectedStatus = 'injected'

const since = '0.1.0'

const generalAnnotations = {
  inject: plain('agent-inject', bool, {
    class: 'free',
    default: 'false',
    since,
    stage: 'request',
    doc: 'Turns injection on for the pod. Without it every other annotation is ignored.',
  }),
  status: plain('agent-inject-status', text, {
    class: 'reserved',
    default: '',
    since,
    doc: 'Written by the webhook as `injected`; a pod that has this value and an agent is left alone.',
  }),
  requestNamespace: plain('agent-request-namespace', text, {
    class: 'reserved',
    default: 'the namespace of the request',
    since,
    doc: 'Has no effect; vault-k8s keeps it for itself.',
  }),
} as const

/** One row an annotation, under every prefix; source of the keys: vault-k8s 1.7.6, but for the rows marked `ours`. */
export const annotations = {
  ...generalAnnotations,
  ...connectionAnnotations,
  ...loginAnnotations,
  ...secretAnnotations,
  ...placementAnnotations,
  ...containerAnnotations,
  ...templatingAnnotations,
  ...listenerAnnotations,
} as const

/** The same, in the order and under the titles of the reference. */
export const annotationGroups: readonly {
  readonly title: string
  readonly rows: Readonly<Record<string, Annotation<unknown>>>
}[] = [
  { title: 'Injection', rows: generalAnnotations },
  { title: 'Secrets and their files', rows: secretAnnotations },
  { title: 'Login', rows: loginAnnotations },
  { title: 'The store', rows: connectionAnnotations },
  { title: 'Where in the pod', rows: placementAnnotations },
  { title: 'The agent’s containers', rows: containerAnnotations },
  { title: 'Rendering', rows: templatingAnnotations },
  { title: 'Cache, listener and telemetry', rows: listenerAnnotations },
]
