import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { openDevStore } from '../../../support/dev-store.ts'
import { member } from '../../../support/vault-contract-client.ts'

describe('the data directory', () => {
  test('keeps versions, roles, policies and mounts over a restart, but no token', async () => {
    const first = await openDevStore()
    await first.ask('POST', 'secret/data/app/db', { body: { data: { user: 'a' } } })
    await first.ask('POST', 'secret/data/app/db', { body: { data: { user: 'b' } } })
    await first.ask('POST', 'sys/mounts/team', { body: { type: 'kv' } })
    await first.ask('POST', 'team/x', { body: { user: 'c' } })
    const policy = '{"path":{"a":{"capabilities":["read"]}}}'
    await first.ask('PUT', 'sys/policies/acl/app', { body: { policy } })
    await first.ask('PUT', 'database/roles/app', { body: { default_ttl: 60 } })
    const made = await first.ask('POST', 'auth/token/create', { body: {} })

    const { ask } = await openDevStore(first.directory)
    const old = await ask('GET', 'secret/data/app/db', { query: { version: '1' } })
    expect(member(old.body, 'data', 'data')).toEqual({ user: 'a' })
    expect(member((await ask('GET', 'team/x')).body, 'data')).toEqual({ user: 'c' })
    const { body } = await ask('GET', 'sys/policies/acl/app')
    expect(member(body, 'data', 'policy')).toBe(policy)
    expect(member((await ask('GET', 'database/creds/app')).body, 'lease_duration')).toBe(60)
    const token = String(member(made.body, 'auth', 'client_token'))
    expect((await ask('GET', 'auth/token/lookup-self', { token })).status).toBe(403)
  })

  test('is readable by its owner alone', async () => {
    const { ask, directory } = await openDevStore()
    await ask('POST', 'secret/data/app/db', { body: { data: { user: 'a' } } })
    const entries = readdirSync(directory, { recursive: true, withFileTypes: true })
    const modes = entries.map((entry) => {
      const mode = statSync(join(entry.parentPath, entry.name)).mode & 0o777
      return `${entry.isFile() ? 'file' : 'directory'} ${mode.toString(8)}`
    })
    expect(new Set(modes)).toEqual(new Set(['file 600', 'directory 700']))
  })

  test('loses a mount’s secrets when the mount is removed', async () => {
    const { ask } = await openDevStore()
    await ask('POST', 'secret/data/x', { body: { data: {} } })
    expect((await ask('DELETE', 'sys/mounts/secret')).status).toBe(204)
    expect((await ask('GET', 'secret/data/x')).status).toBe(404)
    await ask('POST', 'sys/mounts/secret', { body: { type: 'kv-v2' } })
    expect((await ask('GET', 'secret/data/x')).body).toEqual({ errors: [] })
  })

  test('is refused when its configuration is no JSON', async () => {
    const { directory } = await openDevStore()
    writeFileSync(join(directory, 'config.json'), '{"cut')
    await expect(openDevStore(directory)).rejects.toMatchObject({ code: 'input_invalid' })
  })
})

describe('paths', () => {
  test.each([
    '../../outside',
    '..',
    '.',
    '.hidden',
    'a//b',
    'ü/€ 😀',
    'a%2Fb',
    '__proto__',
    'constructor',
    'with:colon*and?mark',
  ])('%p is a name like any other and stays in its mount', async (path) => {
    const { ask, directory } = await openDevStore()
    const written = await ask('POST', `secret/data/${path}`, { body: { data: { path } } })
    expect(written.status).toBe(200)
    const read = await ask('GET', `secret/data/${path}`)
    expect(member(read.body, 'data', 'data')).toEqual({ path })
    expect(readdirSync(join(directory, 'kv', 'secret'))).toHaveLength(1)
    const { body } = await ask('LIST', 'secret/metadata')
    expect(member(body, 'data', 'keys')).toEqual([path.replace(/\/.*$/, '/')])
  })

  test('too long for a file name is refused', async () => {
    const { ask } = await openDevStore()
    const path = `secret/data/${'x'.repeat(300)}`
    expect((await ask('POST', path, { body: { data: {} } })).status).toBe(400)
  })

  test('beside foreign files are unharmed', async () => {
    const { ask, directory } = await openDevStore()
    await ask('POST', 'secret/data/x', { body: { data: {} } })
    writeFileSync(join(directory, 'kv', 'secret', '.DS_Store'), '')
    mkdirSync(join(directory, 'kv', 'secret', 'folder'))
    const { body } = await ask('LIST', 'secret/metadata')
    expect(member(body, 'data', 'keys')).toEqual(['x'])
  })
})

test('members with the names of object members survive', async () => {
  const { ask } = await openDevStore()
  const text = '{"data":{"__proto__":"a","constructor":{"toString":1}}}'
  await ask('POST', 'secret/data/x', { body: text })
  const { body } = await ask('GET', 'secret/data/x')
  expect(JSON.stringify(member(body, 'data', 'data'))).toBe(
    '{"__proto__":"a","constructor":{"toString":1}}',
  )
})

test('requests are reported without values, callers by a keyed hash', async () => {
  const { ask, events } = await openDevStore()
  await ask('POST', 'secret/data/x', { body: { data: { user: 'canary-value' } } })
  await ask('LIST', 'secret/metadata')
  await ask('GET', 'secret/data/x', { token: 'hvs.canary-token' })
  const hash = expect.stringMatching(/^hmac-sha256:[0-9a-f]{64}$/)
  expect(events).toEqual([
    { path: 'secret/data/x', operation: 'update', status: 200, accessor: hash },
    { path: 'secret/metadata', operation: 'list', status: 200, accessor: hash },
    { path: 'secret/data/x', operation: 'read', status: 403 },
  ])
  expect(JSON.stringify(events)).not.toContain('canary')
})
