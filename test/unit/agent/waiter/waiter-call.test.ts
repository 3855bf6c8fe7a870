import { describe, expect, test } from '@jest/globals'
import { takeWaiterCall } from '../../../../agent/waiter/waiter-call.ts'

describe('what the waiter tells', () => {
  test('is read, and taken out of the environment', () => {
    const environment = {
      PATH: '/bin',
      CLAVIGER_WAITER: '3 connection 12000 0',
      CLAVIGER_SOCKETS: '4 tcp ::1 8200\n5 unix /run/an agent.sock\n',
    }
    expect(takeWaiterCall(environment)).toEqual({
      descriptor: 3,
      cause: 'connection',
      sleptMs: 12_000,
      signal: 0,
      sockets: [
        { descriptor: 4, place: 'tcp ::1 8200' },
        { descriptor: 5, place: 'unix /run/an agent.sock' },
      ],
    })
    expect(environment).toEqual({ PATH: '/bin' })
  })

  test.each([
    ['nothing', undefined],
    ['an empty word', ''],
    ['a cause of a later waiter', '3 birthday 0 0'],
    ['words that are missing', '3 start'],
  ])('is as good as no waiter: %s', (_, text) => {
    expect(takeWaiterCall({ CLAVIGER_WAITER: text })).toBeUndefined()
  })
})
