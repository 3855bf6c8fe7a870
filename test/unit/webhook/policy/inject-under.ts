/** A pod of namespace team-a, judged by a policy through the injector. */
import { formatIssue } from '../../../../core/issue.ts'
import { mutate, type Outcome } from '../../../../webhook/inject/mutate.ts'
import { type NamespaceView, nameNamespace } from '../../../../webhook/inject/namespace.ts'
import type { WebhookDefaults } from '../../../../webhook/inject/profiles.ts'
import { readPolicy } from '../../../../webhook/policy/read-policy.ts'
import { createDefaults } from '../../../support/webhook-defaults.ts'

const base = createDefaults({
  address: 'https://vault.example.com',
  image: 'registry.example/agent:1',
})
const prefix = 'vault.hashicorp.com/'

const usual = { role: 'shop', 'agent-inject-secret-db': 'secret/data/team-a/db' }

/** Injects a pod with role `shop` and one secret, and these annotations (without prefix) besides; `more` are the operator's defaults. */
export function inject(
  policy: string,
  annotations: Readonly<Record<string, string>> = {},
  ...[namespace = nameNamespace('team-a'), more = {}]: readonly [
    namespace?: NamespaceView,
    more?: Partial<WebhookDefaults>,
  ]
): Outcome {
  const parsed = readPolicy(policy)
  if (parsed.kind === 'issues') throw new Error(parsed.issues.map(formatIssue).join('\n'))
  const all = { 'agent-inject': 'true', ...usual, ...annotations }
  const entries = Object.entries(all).map(([key, value]) => [prefix + key, value])
  const pod = {
    metadata: { annotations: Object.fromEntries(entries) },
    spec: { serviceAccountName: 'shop', containers: [{ name: 'app' }] },
  }
  return mutate(pod, namespace, { ...base, policy: parsed.value, ...more })
}

/** Issues and warnings of the policy, without the prefix. */
export function told(outcome: Outcome): readonly string[] {
  if (outcome.kind === 'skipped') return [outcome.reason]
  const warnings = outcome.warnings.filter((warning) => warning.startsWith('policy: '))
  const issues = outcome.kind === 'denied' ? outcome.issues.map(formatIssue) : []
  return [...issues, ...warnings].map((text) => text.replaceAll(prefix, ''))
}

/** A policy of one rule. */
export const rule = (body: string, name = 'r') => `rules: [{ name: ${name}, ${body} }]`
