/** Golden pods: an input (pod.yaml, settings.json) and what comes of it, written by UPDATE_GOLDEN=1 and `npm run format`. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import jsonPatch from 'fast-json-patch'
import { dump, load } from 'js-yaml'
import { readConfig } from '../../../agent/config/read-config.ts'
import { formatIssue, type Parsed } from '../../../core/issue.ts'
import { readStoreList } from '../../../webhook/config/store-list.ts'
import type { AgentConfig } from '../../../webhook/inject/build/agent-config.ts'
import { mutate, type Outcome } from '../../../webhook/inject/mutate.ts'
import { nameNamespace } from '../../../webhook/inject/namespace.ts'
import { readPolicy } from '../../../webhook/policy/read-policy.ts'
import { admit } from '../../../webhook/review/admission.ts'
import { strictDialect } from '../../../webhook/review/dialect.ts'
import { createDefaults } from '../../support/webhook-defaults.ts'

const root = join(import.meta.dirname, 'inject')
const usual = { address: 'https://vault.vault.svc:8200', image: 'claviger/agent:test' }
const update = process.env['UPDATE_GOLDEN'] === '1'
const inputs = ['pod.yaml', 'settings.json']

test('golden files are written by hand only, never in CI', () => {
  expect(update && process.env['CI'] !== undefined).toBe(false)
})

describe.each(readdirSync(root))('%s', (name) => {
  const folder = join(root, name)
  const read = (file: string) => readFileSync(join(folder, file), 'utf8')
  const settings = existsSync(join(folder, 'settings.json'))
    ? JSON.parse(read('settings.json'))
    : {}
  const { namespace = 'default', annotations = {}, stores, policy, ...others } = settings
  const { namespaceAnnotations = {}, ...overrides } = others
  const fallbacks = new Map(Object.entries<string>(annotations))
  const defaults = {
    ...createDefaults(usual),
    annotations: fallbacks,
    stores: requireValue(
      readStoreList(stores === undefined ? '' : JSON.stringify(stores), 'stores'),
    ),
    policy: policy === undefined ? undefined : requireValue(readPolicy(policy)),
    ...overrides,
  }
  const where = {
    ...nameNamespace(namespace),
    annotations: new Map(Object.entries<string>(namespaceAnnotations)),
  }
  const loadPod = () => load(read('pod.yaml'))
  const outcome = mutate(loadPod(), where, defaults)
  const expected = renderExpected(loadPod(), outcome)

  test('gives exactly its golden files', () => {
    if (update && process.env['CI'] === undefined) {
      for (const [file, value] of expected) writeFileSync(join(folder, file), format(file, value))
    }
    const produced = [...expected.keys()].sort()
    expect(readdirSync(folder).filter((file) => !inputs.includes(file))).toEqual(produced)
    for (const [file, value] of expected) expect(load(read(file))).toEqual(value)
  })

  test('is injected only once', () => {
    if (outcome.kind !== 'injected') return expect(outcome.kind).not.toBe('injected')
    const after = load(read('pod-after.yaml'))
    expect(mutate(after, where, defaults)).toEqual({
      kind: 'skipped',
      reason: 'already_injected',
    })
  })

  const configs = outcome.kind === 'injected' ? decodeConfigs(outcome.patch) : []
  // A stock agent's configuration is its own affair.
  for (const config of configs.filter(({ claviger }) => claviger !== undefined)) {
    test(`gives the ${config.exit_after_auth ? 'init container' : 'sidecar'} a configuration that the agent takes`, () => {
      const asked = config.template !== undefined || config.auto_auth?.sink !== undefined
      const parsed = readConfig(JSON.stringify(config), {})
      expect(parsed).toMatchObject(asked ? { kind: 'ok' } : nothingAsked)
    })
  }

  test('is the same for both versions of AdmissionReview', () => {
    const [v1, v1beta1] = ['v1', 'v1beta1'].map((version) => {
      const apiVersion = `admission.k8s.io/${version}`
      const request = { uid: 'uid', namespace, operation: 'CREATE', object: loadPod() }
      const review = { apiVersion, kind: 'AdmissionReview', request }
      const answer = admit(Buffer.from(JSON.stringify(review)), {
        dialect: strictDialect,
        defaults,
      })
      const { response, ...rest } = JSON.parse(answer.body.toString())
      expect(rest).toEqual({ apiVersion, kind: 'AdmissionReview' })
      expect(response.uid).toBe('uid')
      return response
    })
    expect(v1).toEqual(v1beta1)
    expect(v1.allowed).toBe(outcome.kind !== 'denied')
  })
})

function requireValue<T>(parsed: Parsed<T>): T {
  if (parsed.kind === 'ok') return parsed.value
  throw new Error(parsed.issues.map(formatIssue).join('\n'))
}

/** A pod without secrets is warned about, and its agent says the same. */
const nothingAsked = { kind: 'issues', issues: [{ path: 'template' }] }

/** File name → content. The encoded configurations are shown decoded beside the pod. */
function renderExpected(pod: unknown, outcome: Outcome): ReadonlyMap<string, unknown> {
  if (outcome.kind !== 'injected') return new Map([['outcome.json', outcome]])
  const { patch, ...rest } = outcome
  const after = jsonPatch.applyPatch(pod, [...patch], true, false).newDocument
  return new Map<string, unknown>([
    ['patch.json', patch],
    ['pod-after.yaml', after],
    ['outcome.json', { ...rest, configs: decodeConfigs(patch) }],
  ])
}

function format(file: string, value: unknown): string {
  return file.endsWith('.json')
    ? `${JSON.stringify(value, null, 2)}\n`
    : dump(value, { lineWidth: -1, noRefs: true })
}

function decodeConfigs(patch: unknown): readonly AgentConfig[] {
  const matches = JSON.stringify(patch).matchAll(/"name":"VAULT_CONFIG","value":"([^"]*)"/g)
  return [...matches].map(([, value = '']) => JSON.parse(Buffer.from(value, 'base64').toString()))
}
