import { describe, expect, test } from '@jest/globals'
import { agentFlags, agentHelp } from '../../../agent/flags.ts'
import { parseFlags } from '../../../core/go-flags.ts'

describe('the command line', () => {
  test('takes every flag of Vault Agent', () => {
    const words = [
      '-config=a',
      '-config',
      'b',
      '-address=http://v',
      '-ns=n',
      '-tls-skip-verify',
      '-exit-after-auth=false',
      '-log-rotate-max-files=-1',
      '-test-verify-only',
      '-agent-address=http://v',
      '-header=a=b',
      '-header=c=d',
      '-mfa=x',
      '-non-interactive',
      '-policy-override',
      '-unlock-key=x',
      '-wrap-ttl=5m',
      '-combine-logs',
    ]
    expect(parseFlags(agentFlags, words, {})).toMatchObject({
      kind: 'ok',
      value: {
        flags: {
          config: ['a', 'b'],
          'tls-skip-verify': true,
          'exit-after-auth': false,
          'log-rotate-max-files': '-1',
          header: ['a=b', 'c=d'],
        },
        rest: [],
      },
    })
  })

  test('names the nearest of a flag that does not exist', () => {
    expect(parseFlags(agentFlags, ['-ca-certt=x'], {})).toMatchObject({
      kind: 'issues',
      issues: [{ path: '-ca-certt', hint: 'did you mean -ca-cert?' }],
    })
  })
})

describe('--help', () => {
  test('shows flags with their variables, and none without effect', () => {
    expect(agentHelp).toMatch(
      /-ca-cert=FILE +PEM file with the authority of the store \[VAULT_CACERT\]/,
    )
    expect(agentHelp).not.toContain('-mfa')
    expect(agentHelp).not.toContain('-test-verify-only')
  })

  test('fits a terminal that is not narrow', () => {
    const longest = Math.max(...agentHelp.split('\n').map((line) => line.length))
    expect(longest).toBeLessThanOrEqual(140)
  })
})
