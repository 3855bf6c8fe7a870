import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { injectManifests } from '../../../cli/inject.ts'
import { splitDocuments } from '../../../cli/manifests/documents.ts'
import { podKinds } from '../../../cli/manifests/pod-kinds.ts'
import { createDefaults } from '../../support/webhook-defaults.ts'

const defaults = createDefaults({ address: 'https://vault:8200', image: 'agent:1' })
const options = { defaults, kinds: podKinds, namespace: 'default' }

/** Lines that a stream of manifests may be made of, in any order. */
const line = fc.constantFrom(
  '---',
  '--- # next',
  '...',
  '# a comment',
  '',
  'kind: Pod',
  'kind: Service',
  'metadata: { annotations: { claviger.dev/agent-inject: "true", claviger.dev/role: app } }',
  'spec: { containers: [{ name: app }] }',
  'NOTES:',
  'a: [',
  '{"kind": "Pod"}',
  '%YAML 1.1',
  '  x: &a 1',
  '- *a',
)
const stream = fc
  .tuple(fc.array(fc.oneof(line, fc.string()), { maxLength: 12 }), fc.constantFrom('\n', '\r\n'))
  .map(([lines, newline]) => lines.join(newline))

test('whatever the text, the documents are the text', () => {
  fc.assert(
    fc.property(stream, (text) => {
      const documents = splitDocuments(text)
      expect(documents.map(({ marker, body }) => marker + body).join('')).toBe(text)
      let offset = 0
      for (const { marker, body, ...document } of documents) {
        expect(document.offset).toBe(offset + marker.length)
        offset += marker.length + body.length
      }
    }),
  )
})

test('whatever the text, nothing is thrown, and what is not injected is as it was', () => {
  fc.assert(
    fc.property(stream, (text) => {
      const { outputs, findings } = injectManifests([{ path: 'm', text }], options)
      const output = outputs[0]?.output ?? ''
      if (!output.includes('vault-agent')) expect(output).toBe(text)
      const lines = text.split('\n').length
      for (const { line: at, column } of findings) {
        expect(at).toBeGreaterThan(0)
        expect(at).toBeLessThanOrEqual(lines)
        expect(column).toBeGreaterThan(0)
      }
    }),
    { numRuns: 500 },
  )
})
