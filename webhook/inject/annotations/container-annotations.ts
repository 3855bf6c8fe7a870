/** The rows of the annotation table that say what runs in the agent's containers, and with which mounts. */
import { isObject } from '../../../core/plain-object.ts'
import { logFormat, logLevel } from '../kinds/log-kinds.ts'
import { objectName } from '../kinds/name-kinds.ts'
import { anyText, patchWithNulls } from '../kinds/stock-kinds.ts'
import {
  asWritten,
  choice,
  image,
  nameList,
  patchText,
  text,
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
  configMap: plain('agent-configmap', objectName, {
    class: 'gated',
    default: '',
    since,
    stock: anyText,
    doc: 'A ConfigMap with the agent’s configuration, keys `config-init.hcl` and `config.hcl`, in HCL or JSON, instead of one that the annotations make.',
  }),
  extraSecret: plain('agent-extra-secret', objectName, {
    class: 'gated',
    default: '',
    since,
    stock: anyText,
    doc: 'A Secret that the agent’s containers get at `/vault/custom`, with template files for example.',
  }),
  copyMounts: plain('agent-copy-volume-mounts', text, {
    class: 'gated',
    default: '',
    since,
    doc: 'A container of the pod whose mounts the agent gets too, except those of ServiceAccount tokens.',
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
  goMaxProcs: plain('go-max-procs', asWritten(wholeNumber), {
    class: 'free',
    default: '',
    since,
    stock: anyText,
    agents: 'stock',
    doc: 'How many processors a stock agent may use at a time (`GOMAXPROCS`).',
  }),
} as const
