/** The annotation table: everything that reads, documents or checks annotations derives from it. */

import { bool, text } from '../kinds/value-kinds.ts'
import { type Annotation, plain } from './annotation.ts'
import { changeAnnotations } from './change-annotations.ts'
import { connectionAnnotations } from './connection-annotations.ts'
import { containerAnnotations } from './container-annotations.ts'
import { fileAnnotations } from './file-annotations.ts'
import { listenerAnnotations } from './listener-annotations.ts'
import { loginAnnotations } from './login-annotations.ts'
import { placementAnnotations } from './placement-annotations.ts'
import { privilegeAnnotations } from './privilege-annotations.ts'
import { resourceAnnotations } from './resource-annotations.ts'
import { secretAnnotations } from './secret-annotations.ts'
import { storeAnnotations } from './store-annotations.ts'
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
  ...storeAnnotations,
  ...fileAnnotations,
  ...changeAnnotations,
  ...placementAnnotations,
  ...containerAnnotations,
  ...privilegeAnnotations,
  ...resourceAnnotations,
  ...templatingAnnotations,
  ...listenerAnnotations,
} as const

export interface AnnotationGroup {
  readonly title: string
  /** What the rows are for, in Markdown. */
  readonly lead: string
  readonly rows: Readonly<Record<string, Annotation<unknown>>>
}

/** The same, in the order and under the titles of the reference. */
export const annotationGroups: readonly AnnotationGroup[] = [
  {
    title: 'Ask for injection',
    lead: 'One annotation switches everything on; the other two are kept for the webhook.',
    rows: generalAnnotations,
  },
  {
    title: 'Choose secrets and what the files hold',
    lead: 'Each secret gets a name of your choice; annotations that end in this `<name>` belong together. [Templates and formats](templates.md) shows what comes out.',
    rows: secretAnnotations,
  },
  {
    title: 'Take secrets from other stores',
    lead: 'A reference such as `aws:prod/db#password` names its store; one without such a prefix is a path of the pod’s own Vault. [Stores of a pod](stores-in-pods.md) has types, settings and identities.',
    rows: storeAnnotations,
  },
  {
    title: 'Name and place the files',
    lead: 'Files lie on memory volumes, not on the node’s disk; [how they are written](agent-files.md).',
    rows: fileAnnotations,
  },
  {
    title: 'React to changes and failures',
    lead: 'What the agent does when a secret has changed, does not exist yet, or was not confirmed for long; [the agent](agent.md) says when it looks.',
    rows: changeAnnotations,
  },
  {
    title: 'Log in',
    lead: 'The agent logs in with the pod’s ServiceAccount unless another method is chosen; [all methods](agent-auth.md).',
    rows: loginAnnotations,
  },
  {
    title: 'Reach the store',
    lead: 'Mostly set once for the cluster by the operator, or for a namespace. [Some addresses](policy.md#addresses-that-no-agent-is-sent-to) are always refused.',
    rows: connectionAnnotations,
  },
  {
    title: 'Choose containers and their order',
    lead: 'Which containers see the secrets, and where the agent’s containers stand among those of the pod.',
    rows: placementAnnotations,
  },
  {
    title: 'Choose the agent and what it mounts',
    lead: 'Image, log, a whole configuration of your own, and a last word on the container. What templates may reach is [the operator’s choice](agent.md#what-templates-may-reach).',
    rows: containerAnnotations,
  },
  {
    title: 'Run as',
    lead: 'By default the agent’s containers meet Pod Security `restricted`: not root, no capabilities, a root file system that nobody writes to.',
    rows: privilegeAnnotations,
  },
  {
    title: 'Requests and limits',
    lead: 'The same for the init container and the sidecar.',
    rows: resourceAnnotations,
  },
  {
    title: 'Render',
    lead: 'When templates are rendered and how the agent uses its connections meanwhile.',
    rows: templatingAnnotations,
  },
  {
    title: 'Serve a cache, a proxy and metrics, and send traces',
    lead: 'An address on the pod’s loopback for apps that speak to the store themselves; [the listener](agent-listener.md). And what an operator watches agents with.',
    rows: listenerAnnotations,
  },
]
