/** The rows of the annotation table that say what the agent's containers may consume. */
import { anyText } from '../kinds/stock-kinds.ts'
import { bool, quantity } from '../kinds/value-kinds.ts'
import { plain } from './annotation.ts'

const since = '0.1.0'

/** Part of the annotation table. */
export const resourceAnnotations = {
  requestsCpu: plain('agent-requests-cpu', quantity, {
    class: 'bounded',
    default: 'flag `-cpu-request`, else `10m`',
    since,
    stock: anyText,
    stage: 'patch',
    doc: 'CPU request of each agent container.',
  }),
  requestsMemory: plain('agent-requests-mem', quantity, {
    class: 'bounded',
    default: 'flag `-memory-request`, else `24Mi`',
    since,
    stock: anyText,
    stage: 'patch',
    doc: 'Memory request of each agent container.',
  }),
  requestsEphemeral: plain('agent-requests-ephemeral', quantity, {
    class: 'bounded',
    default: 'flag `-ephemeral-storage-request`, else none',
    since,
    stock: anyText,
    stage: 'patch',
    doc: 'Ephemeral storage request of each agent container.',
  }),
  limitsCpu: plain('agent-limits-cpu', quantity, {
    class: 'bounded',
    default: 'flag `-cpu-limit`, else none',
    since,
    stock: anyText,
    stage: 'patch',
    doc: 'CPU limit of each agent container.',
  }),
  limitsMemory: plain('agent-limits-mem', quantity, {
    class: 'bounded',
    default: 'flag `-memory-limit`, else `128Mi`',
    since,
    stock: anyText,
    stage: 'patch',
    doc: 'Memory limit of each agent container; the memory volumes count against it.',
  }),
  limitsEphemeral: plain('agent-limits-ephemeral', quantity, {
    class: 'bounded',
    default: 'flag `-ephemeral-storage-limit`, else none',
    since,
    stock: anyText,
    stage: 'patch',
    doc: 'Ephemeral storage limit of each agent container.',
  }),
  hibernate: plain('agent-hibernate', bool, {
    class: 'free',
    default: 'true',
    since,
    ours: true,
    agents: 'claviger',
    doc: 'Whether the sidecar gives its memory back between two steps; with `false` its process stays.',
  }),
} as const
