/** The rows of the annotation table that say where in the pod injection takes place. */

import { untrimmedList } from '../kinds/stock-kinds.ts'
import { bool, choice, duration, nameList, text } from '../kinds/value-kinds.ts'
import { family, plain } from './annotation.ts'

const since = '0.1.0'

export const nativeSidecarModes = ['auto', 'on', 'off'] as const

/** Part of the annotation table. */
export const placementAnnotations = {
  containers: plain('agent-inject-containers', nameList, {
    class: 'free',
    default: 'every container',
    since,
    stock: untrimmedList,
    doc: 'The app containers that see the secrets; "" is none. Init containers always see them.',
  }),
  secretContainers: family('agent-inject-containers-', nameList, {
    class: 'free',
    default: 'as `agent-inject-containers` says',
    since,
    ours: true,
    doc: 'The containers, init containers too, that see this secret, on a volume of its own at `secret-volume-path-<name>`, else at `secret-volume-path` with `-<name>` behind it.',
  }),
  readOnlySecrets: plain('agent-secret-volume-read-only', bool, {
    class: 'gated',
    default: 'true',
    since,
    ours: true,
    doc: 'Whether the app’s containers may only read the secrets. The pod’s own init containers may always write.',
  }),
  nativeSidecar: plain('agent-native-sidecar', choice(nativeSidecarModes), {
    class: 'free',
    default: 'flag `-native-sidecar`, else `auto`',
    since,
    ours: true,
    doc: 'Makes the sidecar an init container with `restartPolicy: Always`, which keeps no Job from completing: `auto` where the pod’s own restartPolicy is not Always. Needs Kubernetes 1.29.',
  }),
  initFirst: plain('agent-init-first', bool, {
    class: 'free',
    default: 'false',
    since,
    doc: 'Puts the agent’s init container before the pod’s own instead of after them.',
  }),
  initBefore: plain('agent-init-before', text, {
    class: 'free',
    default: '',
    since,
    ours: true,
    doc: 'Puts the agent’s init container, and the native sidecar with it, before this init container of the pod.',
  }),
  initAfter: plain('agent-init-after', text, {
    class: 'free',
    default: '',
    since,
    ours: true,
    doc: 'Puts them after this init container of the pod.',
  }),
  initDeadline: plain('agent-init-deadline', duration, {
    class: 'free',
    default: 'none',
    since,
    ours: true,
    agents: 'claviger',
    doc: 'How long the init container may take until every file is there; then it fails and says what is missing.',
  }),
  shareProcessNamespace: plain('agent-share-process-namespace', bool, {
    class: 'gated',
    default: 'the pod’s own',
    since,
    doc: 'Sets `spec.shareProcessNamespace`; a pod that says otherwise itself is denied.',
  }),
  prePopulate: plain('agent-pre-populate', bool, {
    class: 'free',
    default: 'true',
    since,
    doc: 'Adds the init container, so that the files exist before the app starts.',
  }),
  prePopulateOnly: plain('agent-pre-populate-only', bool, {
    class: 'free',
    default: 'false',
    since,
    doc: 'Leaves out the sidecar: files are written once.',
  }),
} as const
