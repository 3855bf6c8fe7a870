import { describe, expect, test } from '@jest/globals'
import { admit } from '../../../../webhook/review/admission.ts'
import { strictDialect } from '../../../../webhook/review/dialect.ts'
import { reportAdmission } from '../../../../webhook/telemetry/audit.ts'
import { createPinoLogger } from '../../../../webhook/telemetry/pino-logger.ts'
import { createDefaults } from '../../../support/webhook-defaults.ts'

const marker = 'CANARY-7f3a'
const defaults = createDefaults({ address: 'https://vault:8200', image: 'agent:1' })

/** The log lines of one review at the most verbose level. */
function report(annotations: Readonly<Record<string, string>>, request: object = {}) {
  const lines: string[] = []
  const write = (line: string) => void lines.push(line)
  const logger = createPinoLogger({ level: 'trace', write, now: () => 0 })
  const object = {
    metadata: {
      generateName: 'web-',
      annotations,
      ownerReferences: [{ kind: 'Node' }, { kind: 'ReplicaSet', controller: true }],
    },
    spec: { containers: [{ name: 'app', env: [{ name: 'X', value: marker }] }] },
  }
  const userInfo = { username: 'alice', groups: ['a', 'b'], extra: { note: [marker] } }
  const review = {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: { uid: 'u', namespace: 'team', userInfo, object, ...request },
  }
  reportAdmission(
    logger,
    admit(Buffer.from(JSON.stringify(review)), { dialect: strictDialect, defaults }).event,
    1.23456,
  )
  return { text: lines.join(''), lines: lines.map((line) => JSON.parse(line)) }
}

const asked = {
  'claviger.dev/agent-inject': 'true',
  'claviger.dev/role': 'app',
  'claviger.dev/agent-inject-template-a': marker,
}

const known = { role: 'app', stores: 'vault', profile: 'claviger' }

describe('reportAdmission', () => {
  test.each([
    [asked, {}, 'pod injected', { ...known, type: 'init_and_sidecar', warnings: 0 }],
    [asked, { dryRun: true }, 'pod injected', { ...known, dry_run: true }],
    [
      { ...asked, 'claviger.dev/service': marker },
      {},
      'pod denied',
      {
        profile: 'claviger',
        reason: 'settings_invalid',
        problems: 1,
        codes: 'annotation_value',
        warnings: 0,
      },
    ],
    [{}, {}, 'pod left alone', { reason: 'not_requested' }],
    [asked, { operation: 'UPDATE' }, 'pod left alone', { reason: 'no_pod_creation' }],
  ])(
    '%# is one line of level info without any part of the pod',
    (annotations, request, message, fields) => {
      const { lines, text } = report(annotations, request)
      expect(lines).toHaveLength(1)
      expect(lines[0]).toMatchObject({
        '@timestamp': '1970-01-01T00:00:00.000Z',
        '@level': 'info',
        '@message': message,
        uid: 'u',
        user: 'alice',
        user_groups: 2,
        namespace: 'team',
        pod: 'web-',
        owner: 'ReplicaSet',
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

  test.each([
    '\n',
    '\r\n{"@level":"error"}',
    '\u001b[2J',
    '\u0085',
    '\u2028',
    '\u202e',
    '\u0000',
    '"',
    '\ud800',
  ])('a name with %j stays one bounded, visible line', (odd) => {
    const name = `a${odd}${'x'.repeat(5000)}`
    const userInfo = { username: name, groups: [name] }
    const { lines, text } = report(
      { ...asked, 'claviger.dev/role': name },
      { namespace: name, name, userInfo },
    )
    expect(lines).toHaveLength(1)
    expect(text.split('\n')).toHaveLength(2)
    expect(text.length).toBeLessThan(1800)
    expect(text.trimEnd()).not.toMatch(/\p{Cc}|\p{Zl}|\p{Zp}|[\u202a-\u202e]/u)
  })
})
