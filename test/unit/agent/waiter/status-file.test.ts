import { describe, expect, test } from '@jest/globals'
import { expandMarks } from '../../../../agent/marked-text.ts'
import type { AgentStatus } from '../../../../agent/plan/status.ts'
import { formatMarkedStatus, healthyUntil } from '../../../../agent/status-text.ts'
import { formatStatusFile, parseStatusFile } from '../../../../agent/waiter/status-file.ts'

const now = Date.UTC(2026, 0, 1, 12)
const minute = 60_000

const status: AgentStatus = {
  ready: true,
  session: { expiresAt: now + 50 * minute, dueAt: now + 30 * minute, renewable: true },
  loginFailure: undefined,
  secrets: [
    {
      path: 'secret/data/app',
      kind: 'read',
      readAt: now - 2 * minute,
      nextAt: now + 3 * minute,
      expiresAt: undefined,
      failure: undefined,
    },
    {
      path: 'database/creds/a-name-that-is-long',
      kind: 'read',
      readAt: undefined,
      nextAt: now - 500,
      expiresAt: now + 3_650 * 24 * 60 * minute,
      failure: { code: 'store_refused', count: 3, retryAt: now },
    },
  ],
  stores: [],
  files: [
    { destination: '/vault/secrets/app', rendered: true, stale: false, commandPending: true },
  ],
}

describe('the table', () => {
  test('tells times from the moment of asking', () => {
    const residence = { kind: 'hibernates', nextAt: now + 3 * minute } as const
    const text = formatMarkedStatus({ agent: status, residence })
    expect(expandMarks(text, now)).toBe(`ready    yes
session  ends in 50m
next     in 30m
rests    without a process, next step in 3m

SECRET                              KIND  AGE          NEXT         ENDS         ERROR
secret/data/app                     read  2m           in 3m        never        -
database/creds/a-name-that-is-long  read  -            now          in 3650d     store_refused, 3 times

FILE                STATE     COMMAND
/vault/secrets/app  rendered  pending
`)
    const later = expandMarks(text, now + 10 * minute)
    expect(later).toContain('next step 7m ago\n')
    expect(later).toMatch(/secret\/data\/app +read {2}12m {10}7m ago {7}never/)
  })

  test('says why a process stays', () => {
    const agent = { ...status, session: undefined }
    const text = formatMarkedStatus({ agent, residence: { kind: 'stays', reason: 'of a reason' } })
    expect(text).toContain('session  none\nrests    as a process: of a reason\n')
  })

  test('takes no mark from a path', () => {
    const [secret] = status.secrets
    if (secret === undefined) throw new Error('no secret')
    const agent = { ...status, secrets: [{ ...secret, path: 'a\x01p 5\x02\nb' }] }
    expect(formatMarkedStatus({ agent, residence: undefined })).toContain('a?p 5??b')
  })
})

describe('health', () => {
  const [good] = status.secrets
  const healthy = {
    ...status,
    secrets: good === undefined ? [] : [good],
    files: [],
  }

  test('ends with the first secret', () => {
    const ending = healthy.secrets.map((secret) => ({ ...secret, expiresAt: now + 5 }))
    expect(healthyUntil({ ...healthy, secrets: ending })).toBe(now + 5)
    expect(healthyUntil(healthy)).toBe(Number.POSITIVE_INFINITY)
  })

  test('is none where something fails or is missing', () => {
    expect(healthyUntil(status)).toBe(0)
    expect(healthyUntil({ ...healthy, ready: false })).toBe(0)
  })
})

describe('the file', () => {
  const file = {
    origin: now,
    isReady: true,
    healthyUntil: now + 1,
    overdueAt: Number.POSITIVE_INFINITY,
    text: 'ä\n',
    json: '{}\n',
  }
  const text = formatStatusFile(file)

  test('is that of docs/waiter.md', () => {
    expect(text).toBe(`claviger-status 1
origin ${now}
ready 1
healthy ${now + 1}
overdue 9007199254740991
ä
\0{}
`)
  })

  test('is read as it was written', () => {
    expect(parseStatusFile(text)).toEqual({
      ...file,
      overdueAt: Number.MAX_SAFE_INTEGER,
    })
  })

  test.each([
    ['cut off', text.replace(/\0.*/s, '')],
    ['too long', `${text}\0`],
    ['without a line', text.replace(/^ready.*\n/m, '')],
    ['of another version', text.replace('status 1', 'status 2')],
    ['empty', ''],
  ])('is none when it is %s', (_, damaged) => {
    expect(parseStatusFile(damaged)).toBeUndefined()
  })
})
