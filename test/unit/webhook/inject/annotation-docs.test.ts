import { expect, test } from '@jest/globals'
import { renderAnnotationDocs } from '../../../../webhook/inject/annotations/annotation-docs.ts'
import { annotations } from '../../../../webhook/inject/annotations/annotations.ts'
import { expectGenerated } from '../../../support/generated.ts'

const path = 'docs/annotations.md'

test(`${path} is what the table says; UPDATE_GOLDEN=1 writes it`, () => {
  expectGenerated(path, renderAnnotationDocs())
})

/** Source: vault-k8s 1.7.6; a dash at the end is where a name follows. */
const stockKeys = `
  agent-inject agent-inject-status agent-request-namespace agent-image service proxy-address auth-type auth-path auth-config- role
  namespace auth-min-backoff auth-max-backoff agent-auto-auth-exit-on-err tls-skip-verify tls-secret tls-server-name ca-cert ca-key
  client-cert client-key client-max-retries client-timeout go-max-procs log-level log-format agent-init-first agent-pre-populate
  agent-pre-populate-only agent-inject-containers agent-configmap agent-extra-secret agent-copy-volume-mounts
  agent-service-account-token-volume-name agent-limits-cpu agent-limits-mem agent-limits-ephemeral agent-requests-cpu
  agent-requests-mem agent-requests-ephemeral agent-set-security-context agent-run-as-user agent-run-as-group agent-run-as-same-user
  agent-share-process-namespace agent-revoke-on-shutdown agent-revoke-grace agent-inject-token agent-inject-default-template
  secret-volume-path preserve-secret-case agent-cache-enable agent-cache-use-auto-auth-token agent-cache-listener-port
  agent-cache-exit-on-err agent-enable-quit template-config-exit-on-retry-failure template-static-secret-render-interval
  template-max-connections-per-host template-lease-renewal-threshold agent-disable-idle-connections agent-disable-keep-alives
  agent-json-patch agent-init-json-patch agent-telemetry- agent-inject-secret- agent-inject-template- agent-inject-template-file-
  agent-inject-file- agent-inject-perms- agent-inject-command- secret-volume-path- agent-template-left-delim-
  agent-template-right-delim- error-on-missing-key- preserve-secret-case-
`
  .trim()
  .split(/\s+/)

test('the table has every annotation of vault-k8s, once, and marks all others as ours', () => {
  const rows = Object.values(annotations)
  const keys = rows.map(({ key }) => key)
  expect(keys).toEqual([...new Set(keys)])
  const marked = rows.map(({ key, ...row }) => [key, 'ours' in row && row.ours])
  const stock = marked.filter(([, ours]) => !ours).map(([key]) => key)
  expect(stock.toSorted()).toEqual(stockKeys.toSorted())
})

test('every word of the column Value stands in a row', () => {
  const page = renderAnnotationDocs()
  const section = page.split(/^## /m).find((text) => text.startsWith('Words')) ?? ''
  const words = Array.from(section.matchAll(/^\| ([a-z]+) \|/gm), ([, word = '']) => word)
  expect(words.length).toBeGreaterThan(5)
  const unused = words.filter((word) => !page.includes(` | ${word} | `))
  expect(unused).toEqual([])
})
