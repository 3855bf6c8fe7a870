import { describe, expect, test } from '@jest/globals'
import { createLocalSource } from '../../../../core/machine/local-source.ts'
import { restrictedPolicy, stockPolicy } from '../../../../core/template/policy.ts'

const source = createLocalSource({ PATH: '/usr/bin:/bin', SHOWN: 'yes' })
const run = (...words: readonly string[]) =>
  source.answer({ kind: 'plugin', name: 'sh', words: ['-c', ...words] }, stockPolicy)

describe('a program that a template runs', () => {
  test('answers with what it prints, byte for byte', async () => {
    expect(await run('printf "a\\377b"')).toEqual({ kind: 'text', text: 'a\u00ffb' })
  })

  test('is given the environment that it is meant to have, and nothing of the agent’s', async () => {
    expect(await run('echo $SHOWN $VAULT_CONFIG $HOME')).toEqual({ kind: 'text', text: 'yes\n' })
  })

  test('fails without a word of what it printed', async () => {
    expect(await run('echo secret; echo secret >&2; exit 3')).toEqual({
      kind: 'failed',
      reason: 'exit status 3',
    })
    expect(await run('kill -9 $$')).toEqual({ kind: 'failed', reason: 'signal: SIGKILL' })
  })

  test('must exist', async () => {
    const answer = await source.answer(
      { kind: 'plugin', name: 'no-such-program', words: [] },
      stockPolicy,
    )
    expect(answer).toEqual({ kind: 'failed', reason: 'executable file not found in $PATH' })
  })
})

test('a policy that denies is kept here too', async () => {
  for (const request of [
    { kind: 'plugin', name: 'true', words: [] },
    { kind: 'file', path: '/etc/hostname' },
    { kind: 'interfaces' },
  ] as const) {
    expect((await source.answer(request, restrictedPolicy)).kind).toBe('failed')
  }
})

test('interfaces have addresses', async () => {
  const answer = await source.answer({ kind: 'interfaces' }, stockPolicy)
  expect(answer).toMatchObject({
    addresses: expect.arrayContaining([
      expect.objectContaining({
        name: 'lo',
        address: '127.0.0.1',
        prefixLength: 8,
        isLoopback: true,
      }),
    ]),
  })
})
