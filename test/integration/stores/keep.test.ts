/** Secrets as Keep HQ writes them, read by us, and the other way round. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { openStore } from '../../../core/stores/open-store.ts'
import { readKeepPreset } from '../../../core/stores/preset/keep-preset.ts'
import type { Store } from '../../../core/stores/store.ts'
import { readOne, seenText, seeOne, textBytes } from '../../support/stores/contract-scene.ts'
import { startDevVault } from '../../support/stores/dev-vault.ts'
import { askBehind, createFakeKubernetesPeer } from '../../support/stores/kubernetes-peer.ts'
import { sqliteTable } from '../../support/stores/sqlite-peer.ts'
import { createTestPorts } from '../../support/stores/store-ports.ts'

let folder: string
const ends: (() => Promise<void>)[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'claviger-keep-'))
})

afterEach(async () => {
  for (const end of ends.splice(0)) await end()
  rmSync(folder, { recursive: true })
})

async function openKeep(
  environment: Readonly<Record<string, string>>,
  more: ReadonlyMap<string, string> = new Map(),
): Promise<Store> {
  const read = readKeepPreset(environment)
  if (read?.kind !== 'ok') throw new Error(JSON.stringify(read))
  const settings = { ...read.value, values: new Map([...read.value.values, ...more]) }
  return openStore(settings, createTestPorts({ environment }))
}

const name = 'Tenant_slack_Prod'
const text = '{"authentication": {"token": "a"}, "name": "slack"}'
const write = (store: Store, path: string, content: string) =>
  store.write?.({ path, content: { kind: 'whole', bytes: textBytes(content) } })
const keys = { kind: 'keys', members: new Map([['name', textBytes('b')]]) } as const
const changed = '{"authentication":{"token":"a"},"name":"b"}'

test('FILE: a file by the very name', async () => {
  const store = await openKeep({ SECRET_MANAGER_TYPE: 'FILE', SECRET_MANAGER_DIRECTORY: folder })
  writeFileSync(join(folder, name), text)
  expect(await readOne(store, name)).toMatchObject({
    answer: { content: { kind: 'whole', bytes: text } },
  })
  await write(store, 'Other', text)
  expect(readFileSync(join(folder, 'Other'), 'utf8')).toBe(text)
  expect(await seeOne(store, '../escape')).toBe('input_invalid')
})

test('DB: a row of its own database', async () => {
  const database = new DatabaseSync(join(folder, 'keep.db'))
  database.exec(sqliteTable)
  const insert = 'INSERT INTO secret VALUES (?, ?, ?)'
  database.prepare(insert).run(name, text, '2026-01-01 00:00:00.000000')
  const store = await openKeep({
    SECRET_MANAGER_TYPE: 'db',
    DATABASE_CONNECTION_STRING: `sqlite:///${join(folder, 'keep.db')}?check_same_thread=False`,
  })
  expect(await seeOne(store, name)).toEqual(seenText(text))
  await store.write?.({ path: name, content: keys })
  expect(database.prepare('SELECT value FROM secret').get()).toEqual({ value: changed })
  database.close()
})

describe('K8S: one key of a Secret with a name of its own', () => {
  const open = async () => {
    const peer = createFakeKubernetesPeer()
    const running = await peer.start()
    ends.push(running.stop)
    const place = peer.place()
    const store = await openKeep(
      { SECRET_MANAGER_TYPE: 'k8s', K8S_NAMESPACE: place.namespace },
      new Map([
        ['server', place.server],
        ['token_path', place.tokenPath],
      ]),
    )
    return { place, running, store }
  }

  test('reads and writes', async () => {
    const { running, store } = await open()
    await running.put('tenant-slack-prod', textBytes(text))
    expect(await readOne(store, name)).toMatchObject({
      answer: { content: { kind: 'whole', bytes: text } },
    })
    await store.write?.({ path: name, content: keys })
    expect(String(await running.look('tenant-slack-prod'))).toBe(changed)
    await write(store, 'New_One', 'plain')
    expect(String(await running.look('new-one'))).toBe('plain')
    expect((await store.list?.({ prefix: 'New_', limit: 2 }))?.entries).toMatchObject([
      { path: 'new-one' },
    ])
    await store.delete?.('New_One', { isFinal: true })
    expect(await seeOne(store, 'New_One')).toBe('secret_missing')
  })

  test('leaves what is not of Keep HQ as it is', async () => {
    const { place, store } = await open()
    const data = { 'tls.crt': Buffer.from('PEM').toString('base64') }
    const body = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'tls' }, data }
    await askBehind(place, { method: 'POST', body })
    expect(await seeOne(store, 'tls')).toEqual(new Map([['tls.crt', 'PEM']]))
  })
})

test('VAULT: the field `value` below the mount `secret`', async () => {
  const server = await startDevVault()
  ends.push(server.stop)
  const ask = async (method: string, path: string, body?: object) => {
    const response = await fetch(`${server.address}/v1/secret/data/${path}`, {
      method,
      headers: { 'X-Vault-Token': server.rootToken },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return JSON.parse(await response.text())
  }
  const store = await openKeep({
    SECRET_MANAGER_TYPE: 'VAULT',
    HASHICORP_VAULT_ADDR: server.address,
    HASHICORP_VAULT_TOKEN: server.rootToken,
  })
  await ask('POST', name, { data: { value: text } })
  expect(await readOne(store, name)).toMatchObject({
    answer: { content: { kind: 'whole', bytes: text }, version: '1' },
  })
  await store.write?.({ path: name, content: keys })
  expect((await ask('GET', name)).data.data).toEqual({ value: changed })
  await write(store, 'Other', text)
  expect((await ask('GET', 'Other')).data.data).toEqual({ value: text })
  expect((await store.list?.({ prefix: 'Oth', limit: 2 }))?.entries).toEqual([{ path: 'Other' }])
  expect((await store.history?.(name))?.map(({ version }) => version)).toEqual(['2', '1'])
  await store.delete?.(name, { isFinal: true })
  expect(await seeOne(store, name)).toBe('secret_missing')
})
