/** The rows of the annotation table that shape the agent's containers. */

import { isObject } from '../../../core/plain-object.ts'
import { logFormat, logLevel } from '../kinds/log-kinds.ts'
import { objectName } from '../kinds/name-kinds.ts'
import { anyText, int64, patchWithNulls, uint64, type Whole } from '../kinds/stock-kinds.ts'
import {
  asWritten,
  bool,
  choice,
  image,
  nameList,
  patchText,
  quantity,
  text,
  userId,
  wholeNumber,
} from '../kinds/value-kinds.ts'
import { plain } from './annotation.ts'

/** The agents that there are images of: ours and the stock ones, which differ in the name of their program. */
export const flavours = ['claviger', 'vault', 'openbao'] as const
export type Flavour = (typeof flavours)[number]

export const pullPolicies = ['Always', 'IfNotPresent', 'Never'] as const
export type PullPolicy = (typeof pullPolicies)[number]

const since = '0.1.0'

/** Part of the annotation table. */
export const containerAnnotations = {
  logLevel: plain<string>('log-level', logLevel, {
    class: 'free',
    default: '`info`',
    since,
    stock: anyText,
    doc: 'What the agent logs.',
  }),
  logFormat: plain<string>('log-format', logFormat, {
    class: 'free',
    default: '`standard`',
    since,
    stock: anyText,
    doc: 'One readable line, or one JSON object a line.',
  }),
  image: plain('agent-image', image, {
    class: 'gated',
    default: 'flag `-agent-image`',
    since,
    stock: anyText,
    doc: 'Image of both agent containers.',
  }),
  flavour: plain('agent-flavour', choice(flavours), {
    class: 'gated',
    default:
      'flag `-agent-flavour`; else `vault` when the image came by a stock name, else `claviger`',
    since,
    ours: true,
    doc: 'Which agent the image holds.',
  }),
  pullPolicy: plain('agent-image-pull-policy', choice(pullPolicies), {
    class: 'gated',
    default: 'flag `-agent-image-pull-policy`, else Kubernetes’ own choice',
    since,
    ours: true,
    doc: 'When the nodes pull the image.',
  }),
  pullSecrets: plain('agent-image-pull-secrets', nameList, {
    class: 'gated',
    default: 'flag `-agent-image-pull-secrets`, else none',
    since,
    ours: true,
    doc: 'Secrets to pull the image with, which the pod gets besides its own.',
  }),
  configMap: plain('agent-configmap', objectName, {
    class: 'gated',
    default: '',
    since,
    stock: anyText,
    doc: 'A ConfigMap with the agent’s configuration, keys `config-init.hcl` and `config.hcl`, in HCL or JSON, instead of one that the annotations make.',
  }),
  goMaxProcs: plain('go-max-procs', asWritten(wholeNumber), {
    class: 'free',
    default: '',
    since,
    stock: anyText,
    agents: 'stock',
    doc: 'How many processors a stock agent may use at a time (`GOMAXPROCS`).',
  }),
  jsonPatch: plain('agent-json-patch', patchText(isObject), {
    class: 'gated',
    default: '',
    since,
    stock: patchWithNulls,
    stage: 'defaults',
    doc: 'A JSON Patch (RFC 6902) for the sidecar, applied last.',
  }),
  initJsonPatch: plain('agent-init-json-patch', patchText(isObject), {
    class: 'gated',
    default: '',
    since,
    stock: patchWithNulls,
    stage: 'defaults',
    doc: 'The same for the init container.',
  }),
  revokeGrace: plain<Whole>('agent-revoke-grace', wholeNumber, {
    class: 'bounded',
    default: '`5`',
    since,
    stock: uint64,
    doc: 'Seconds between the pod’s end and the revocation of the token, fewer than its `terminationGracePeriodSeconds`. A native sidecar of Claviger’s ends after the app and waits for nothing.',
  }),
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
  copyMounts: plain('agent-copy-volume-mounts', text, {
    class: 'gated',
    default: '',
    since,
    doc: 'A container of the pod whose mounts the agent gets too, except those of ServiceAccount tokens.',
  }),
  extraSecret: plain('agent-extra-secret', objectName, {
    class: 'gated',
    default: '',
    since,
    stock: anyText,
    doc: 'A Secret that the agent’s containers get at `/vault/custom`, with template files for example.',
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
    default: 'flag `-memory-request`, else `32Mi`',
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
} as const
