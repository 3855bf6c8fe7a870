/** `npm run demo`, which is the first thing that a newcomer starts. */
import { spawnSync } from 'node:child_process'
import { expect, test } from '@jest/globals'

test('the demo comes to its end and says what it did', () => {
  const { VAULT_ADDR: _, VAULT_TOKEN: __, ...env } = process.env
  const { status, stdout } = spawnSync(process.execPath, ['cli/demo/main.ts'], {
    encoding: 'utf8',
    env,
  })
  expect(stdout).toMatch(/^done +in \d+\.\d s$/m)
  expect(status).toBe(0)
})
