import { describe, expect, test } from '@jest/globals'
import { Fields } from '../../../../agent/config/fields.ts'
import { readSink } from '../../../../agent/config/sink-fields.ts'
import type { Issue } from '../../../../core/issue.ts'
import { parseJson } from '../../../../core/json.ts'

function read(sink: unknown) {
  const issues: Issue[] = []
  const block = parseJson(JSON.stringify(sink))
  const value = readSink(new Fields(block instanceof Map ? block : new Map(), 'sink', issues))
  return { sink: value, places: issues.map(({ path }) => path) }
}

const plain = {
  path: '/t',
  mode: 0o640,
  uid: undefined,
  gid: undefined,
  wrapTtlMs: undefined,
  encryption: undefined,
}
const dh = { dh_type: 'curve25519', dh_path: '/dh' }
const encryption = { publicKeyPath: '/dh', deriveKey: false, aad: { text: '' } }

describe('auto_auth.sink', () => {
  test.each([
    [{}, plain],
    [{ wrap_ttl: '5m' }, { ...plain, wrapTtlMs: 300_000 }],
    [{ config: { path: '/t', mode: 420 } }, { ...plain, mode: 0o644 }],
    [{ config: { path: '/t', mode: '0600' } }, { ...plain, mode: 0o600 }],
    [{ config: { path: '/t', uid: 12, gid: 0 } }, { ...plain, uid: 12, gid: 0 }],
    [dh, { ...plain, encryption }],
    [
      { ...dh, derive_key: true, aad: 'x' },
      { ...plain, encryption: { ...encryption, deriveKey: true, aad: { text: 'x' } } },
    ],
    [
      { ...dh, aad: 'x', aad_env_var: 'AAD' },
      { ...plain, encryption: { ...encryption, aad: { variable: 'AAD' } } },
    ],
  ])('%j', (changes, expected) => {
    const { sink, places } = read({ type: 'file', config: { path: '/t' }, ...changes })
    expect(places).toEqual([])
    expect(sink).toEqual(expected)
  })

  test.each([
    [{ config: { path: '/t' } }, ['sink.type']],
    [{ type: 'socket', config: { path: '/t' } }, ['sink.type']],
    [{ type: 'file' }, ['sink.config.path']],
    [{ type: 'file', config: { path: '/t' }, dh_type: 'curve25519' }, ['sink.dh_path']],
    [{ type: 'file', config: { path: '/t' }, dh_path: '/dh' }, ['sink.dh_type']],
    [{ type: 'file', config: { path: '/t' }, ...dh, dh_type: 'x' }, ['sink.dh_type']],
    [
      { type: 'file', config: { path: '/t' }, aad: 'x', aad_env_var: 'Y', derive_key: true },
      ['sink.aad', 'sink.derive_key'],
    ],
  ])('%j is refused at %j', (sink, expected) => {
    expect(read(sink).places).toEqual(expected)
  })
})
