/** The rows of the annotation table that say as whom the agent's containers run. */
import { int64, type Whole } from '../kinds/stock-kinds.ts'
import { bool, userId } from '../kinds/value-kinds.ts'
import { plain } from './annotation.ts'

const since = '0.1.0'

/** Part of the annotation table. */
export const privilegeAnnotations = {
  setSecurityContext: plain('agent-set-security-context', bool, {
    class: 'gated',
    default: 'flag `-set-security-context`, else true',
    since,
    doc: 'Gives the agent’s containers a security context; "false" leaves it to the cluster.',
  }),
  runAsUser: plain<Whole | 'auto'>('agent-run-as-user', userId, {
    class: 'gated',
    default: 'flag `-run-as-user`, else `100`',
    since,
    stock: int64,
    doc: 'User of the agent’s containers; 0 is root, `auto` leaves it to the cluster, as OpenShift wants it.',
  }),
  runAsGroup: plain<Whole | 'auto'>('agent-run-as-group', userId, {
    class: 'gated',
    default: 'flag `-run-as-group`, else `1000`',
    since,
    stock: int64,
    doc: 'Group of the agent’s containers; `auto` leaves it to the cluster.',
  }),
  runAsSameUser: plain('agent-run-as-same-user', bool, {
    class: 'gated',
    default: 'flag `-run-as-same-user`, else false',
    since,
    doc: 'Runs the agent as the user of the first container, else of the pod.',
  }),
} as const
