/** Whatever stands under the keys of a configuration, it gives values or problems, each at a key, and no text of it is shown. */
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type BlockName, knownKeys } from '../../../agent/config/known-keys.ts'
import { readConfig } from '../../../agent/config/read-config.ts'

const marker = 'hunter2'
const scalar = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    'true',
    '',
    '5s',
    '0640',
    marker,
    'kubernetes',
    'tcp',
    '1s:2s',
  ),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
)
const odd = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 3 }),
  fc.dictionary(fc.constantFrom('type', 'config', 'path', '__proto__', marker), scalar),
  fc.constant([]),
  fc.constant({}),
)

/** A block with some of its keys, each holding anything, or a block where one belongs. */
function blockOf(name: BlockName, inner: Readonly<Record<string, fc.Arbitrary<unknown>>> = {}) {
  const members = Array.from(knownKeys[name].keys, (key: string) => {
    const value = Object.hasOwn(inner, key) ? fc.oneof(odd, inner[key] ?? odd) : odd
    return [key, value] as const
  })
  const block = fc.record(Object.fromEntries(members), { requiredKeys: [] })
  return fc.oneof(block, fc.array(block, { maxLength: 2 }))
}

const root = blockOf('root', {
  vault: blockOf('vault', { retry: blockOf('retry') }),
  auto_auth: blockOf('auto_auth', { method: blockOf('method'), sink: blockOf('sink') }),
  template: blockOf('template', { exec: blockOf('template_exec'), wait: blockOf('wait') }),
  env_template: fc.dictionary(
    fc.constantFrom('A', 'contents', '__proto__'),
    blockOf('env_template'),
  ),
  exec: blockOf('exec'),
  cache: blockOf('cache', { persist: blockOf('persist') }),
  api_proxy: blockOf('api_proxy'),
  listener: blockOf('listener', { agent_api: blockOf('agent_api') }),
  telemetry: blockOf('telemetry'),
  claviger: blockOf('claviger', { template_policy: blockOf('template_policy') }),
  template_config: blockOf('template_config'),
})

test('any configuration is read or refused', () => {
  fc.assert(
    fc.property(root, (config) => {
      const parsed = readConfig(JSON.stringify(config), {})
      const found = parsed.kind === 'ok' ? parsed.value.warnings : parsed.issues
      for (const { path, expected, got, hint } of found) {
        expect(path).not.toBe('')
        expect(JSON.stringify([expected, hint])).not.toContain(marker)
        // The names of methods, sinks, subsystems and levels are not secret.
        if (got === marker) expect(path).toMatch(/type|disable_|log_/)
      }
    }),
    { numRuns: 500 },
  )
})
