/** Stores that a namespace describes for its pods. */
import { describe, expect, test } from '@jest/globals'
import { formatIssue } from '../../../../core/issue.ts'
import { mutate } from '../../../../webhook/inject/mutate.ts'
import { nameNamespace } from '../../../../webhook/inject/namespace.ts'
import { ours } from '../../../support/own-agent.ts'

type Texts = Readonly<Record<string, string>>

/** A pod with one secret, in namespace shop. */
function admit(given: Texts, annotations: Texts, defaults = ours) {
  const all = Object.entries({ 'agent-inject': 'true', ...annotations })
  const pod = {
    metadata: {
      annotations: Object.fromEntries(all.map(([key, text]) => [`claviger.dev/${key}`, text])),
    },
    spec: { containers: [{ name: 'app' }] },
  }
  const inherited = Object.entries(given).map(([key, text]): [string, string] => [
    `claviger.dev/default-${key}`,
    text,
  ])
  return mutate(pod, { ...nameNamespace('shop'), annotations: new Map(inherited) }, defaults)
}

const issuesOf = (outcome: ReturnType<typeof admit>) =>
  outcome.kind === 'denied' ? outcome.issues.map(formatIssue) : []

describe('a store of the namespace', () => {
  const given = { 'store-prod': 'azure vault_url=https://v.vault.azure.net' }

  test('is there for pods that name it, and unheard of for others', () => {
    const used = admit(given, { 'agent-inject-secret-a': 'prod:db' })
    expect(used).toMatchObject({ kind: 'injected', warnings: [], summary: { stores: ['prod'] } })
    const other = admit(given, { role: 'app', 'agent-inject-secret-a': 'secret/db' })
    expect(other).toMatchObject({ kind: 'injected', warnings: [], summary: { stores: ['vault'] } })
  })

  test('goes through the address guard', () => {
    const evil = { 'store-prod': 'azure vault_url=https://169.254.169.254' }
    expect(issuesOf(admit(evil, { 'agent-inject-secret-a': 'prod:db' }))).toEqual([
      'namespace shop: claviger.dev/default-store-prod: expected an address that is not the metadata service of a cloud',
    ])
  })

  test('that is wrong is a problem of the pods that use it', () => {
    const wrong = { 'store-prod': 'azure vaultt_url=https://v' }
    const [issue] = issuesOf(admit(wrong, { 'agent-inject-secret-a': 'prod:db' }))
    expect(issue).toMatch(
      /^namespace shop: claviger.dev\/default-store-prod: expected settings out of .*did you mean vault_url\?/,
    )
    const others = admit(wrong, { role: 'app', 'agent-inject-secret-a': 'secret/db' })
    expect(others.kind).toBe('injected')
  })

  test.each(['store-', 'store-Prod', 'stores-x'])('default-%s is no annotation of it', (key) => {
    const outcome = admit({ [key]: 'aws' }, { role: 'app', 'agent-inject-secret-a': 'secret/db' })
    expect(outcome).toMatchObject({
      warnings: [expect.stringContaining(`default-${key} has no effect`)],
    })
  })
})
