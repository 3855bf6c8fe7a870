/** The rows of the annotation table that shape the agent's containers. */
import { plain } from './annotation.ts'
import { logFormat, logLevel } from './log-kinds.ts'
import { objectName } from './name-kinds.ts'
import { bool, image, quantity, text, userId } from './value-kinds.ts'

const since = '0.1.0'

/** Part of the annotation table. */
export const containerAnnotations = {
  logLevel: plain('log-level', logLevel, {
    default: '`info`',
    since,
    doc: 'What the agent logs.',
  }),
  logFormat: plain('log-format', logFormat, {
    default: '`standard`',
    since,
    doc: 'One readable line, or one JSON object a line.',
  }),
  image: plain('agent-image', image, {
    default: 'flag `-agent-image`',
    since,
    doc: 'Image of both agent containers.',
  }),
  setSecurityContext: plain('agent-set-security-context', bool, {
    default: 'flag `-set-security-context`, else true',
    since,
    doc: 'Gives the agent’s containers a security context; "false" leaves it to the cluster.',
  }),
  runAsUser: plain('agent-run-as-user', userId, {
    default: 'flag `-run-as-user`, else `100`',
    since,
    doc: 'User of the agent’s containers; 0 is root.',
  }),
  runAsGroup: plain('agent-run-as-group', userId, {
    default: 'flag `-run-as-group`, else `1000`',
    since,
    doc: 'Group of the agent’s containers.',
  }),
  runAsSameUser: plain('agent-run-as-same-user', bool, {
    default: 'flag `-run-as-same-user`, else false',
    since,
    doc: 'Runs the agent as the user of the first container, else of the pod.',
  }),
  copyMounts: plain('agent-copy-volume-mounts', text, {
    default: '',
    since,
    doc: 'A container of the pod whose mounts the agent gets too, except those of ServiceAccount tokens.',
  }),
  extraSecret: plain('agent-extra-secret', objectName, {
    default: '',
    since,
    doc: 'A Secret that the agent’s containers get at `/vault/custom`, with template files for example.',
  }),
  limitsCpu: plain('agent-limits-cpu', quantity, {
    default: 'flag `-cpu-limit`, else none',
    since,
    doc: 'CPU limit of each agent container.',
  }),
  limitsMemory: plain('agent-limits-mem', quantity, {
    default: 'flag `-memory-limit`, else `128Mi`',
    since,
    doc: 'Memory limit of each agent container; the memory volumes count against it.',
  }),
  limitsEphemeral: plain('agent-limits-ephemeral', quantity, {
    default: 'flag `-ephemeral-storage-limit`, else none',
    since,
    doc: 'Ephemeral storage limit of each agent container.',
  }),
  requestsCpu: plain('agent-requests-cpu', quantity, {
    default: 'flag `-cpu-request`, else `10m`',
    since,
    doc: 'CPU request of each agent container.',
  }),
  requestsMemory: plain('agent-requests-mem', quantity, {
    default: 'flag `-memory-request`, else `32Mi`',
    since,
    doc: 'Memory request of each agent container.',
  }),
  requestsEphemeral: plain('agent-requests-ephemeral', quantity, {
    default: 'flag `-ephemeral-storage-request`, else none',
    since,
    doc: 'Ephemeral storage request of each agent container.',
  }),
} as const
