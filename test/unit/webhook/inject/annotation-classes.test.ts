import { expect, test } from '@jest/globals'
import { annotationClasses } from '../../../../webhook/inject/annotations/annotation.ts'
import { annotations } from '../../../../webhook/inject/annotations/annotations.ts'

const rows = Object.values(annotations)
const keysOf = (name: string) => rows.filter((row) => row.class === name).map(({ key }) => key)

test('every annotation has a class, and every class an annotation', () => {
  expect(rows.filter((row) => !annotationClasses.includes(row.class))).toEqual([])
  expect(annotationClasses.filter((name) => keysOf(name).length === 0)).toEqual([])
})

test('where the identity goes, what runs and what is mounted is gated, when there is such a row', () => {
  const gated =
    /^(service|namespace|role|auth-(type|path|config-)|proxy-address|(ca|client)-(cert|key)|tls-.*|agent-(image|inject-command-|inject-template-file-|configmap|extra-secret|copy-volume-mounts|service-account-token-volume-name|json-patch|init-json-patch|run-as-.*|set-security-context|share-process-namespace|cache-.*|enable-quit|telemetry-|inject-token))$/
  expect(rows.filter(({ key }) => gated.test(key)).map((row) => row.class)).toEqual(
    rows.filter(({ key }) => gated.test(key)).map(() => 'gated'),
  )
})

test('what the webhook writes is reserved', () => {
  expect(keysOf('reserved')).toContain('agent-inject-status')
})
