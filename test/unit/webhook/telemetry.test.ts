import { describe, expect, test } from '@jest/globals'
import { createLogger } from '../../../core/log.ts'
import { admit } from '../../../webhook/admission.ts'
import { createDefaults } from '../../../webhook/inject/profiles.ts'
import { reportAdmission } from '../../../webhook/telemetry.ts'

const marker = 'CANARY-7f3a'
const defaults = createDefaults({ address: 'https://vault:8200', image: 'agent:1' })

/** The log lines of one review at the most verbose level. */
function report(annotations: Readonly<Record<string, string>>, request: object = {}) {
  const lines: string[] = []
  const write = (line: string) => void lines.push(line)
  const logger = createLogger({ level: 'trace', format: 'json', write, now: () => 0 })
  const object = {
    metadata: { generateName: 'web-', annotations },
    spec: { containers: [{ name: 'app', env: [{ name: 'X', value: marker }] }] },
  }
  const review = {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: { uid: 'u', namespace: 'team', object, ...request },
  }
  reportAdmission(logger, admit(Buffer.from(JSON.stringify(review)), defaults).event, 1.23456)
  return { text: lines.join(''), lines: lines.map((line) => JSON.parse(line)) }
}

const asked = {
  'claviger.dev/agent-inject': 'true',
  'claviger.dev/role': 'app',
  'claviger.dev/agent-inject-template-a': marker,
}

describe('reportAdmission', () => {
  test.each([
    [asked, {}, 'info', 'pod injected', { type: 'init_and_sidecar', warnings: 0 }],
    [
      { ...asked, 'claviger.dev/service': marker },
      {},
      'warn',
      'pod denied',
      { reason: 'settings_invalid', problems: 1, codes: 'annotation_value' },
    ],
    [{}, {}, 'debug', 'pod left alone', { reason: 'not_requested' }],
    [asked, { operation: 'UPDATE' }, 'debug', 'pod left alone', { reason: 'no_pod_creation' }],
  ])(
    '%# is one line without any part of the object',
    (annotations, request, level, message, fields) => {
      const { lines, text } = report(annotations, request)
      expect(lines).toHaveLength(1)
      expect(lines[0]).toMatchObject({
        '@level': level,
        '@message': message,
        uid: 'u',
        namespace: 'team',
        pod: 'web-',
        duration_ms: 1.235,
        ...fields,
      })
      expect(text).not.toContain(marker)
    },
  )

  test('a refusal says status and reason', () => {
    const { lines } = report(asked, { uid: '' })
    expect(lines).toMatchObject([
      {
        '@level': 'warn',
        '@message': 'request refused',
        status: 400,
        reason: 'request.uid is missing',
      },
    ])
  })

  test('a name of any length and content stays one bounded line', () => {
    const { lines, text } = report(asked, { namespace: `a\n${'x'.repeat(5000)}` })
    expect(lines).toHaveLength(1)
    expect(text.length).toBeLessThan(1000)
  })
})
