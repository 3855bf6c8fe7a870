/** Spans of the built command line. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { canary, expectClean } from '../../support/canary.ts'
import { type Collector, startCollector } from '../../support/collector.ts'
import { kvBody, startScriptedVault } from '../../support/scripted-vault.ts'
import { runCommandLine } from './support/command-line.ts'

let folder: string
let collector: Collector
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'claviger-traces-'))
  writeFileSync(join(folder, 'a'), canary.value)
  collector = await startCollector()
})
afterEach(async () => {
  rmSync(folder, { recursive: true })
  await collector.close()
})

const at = () => ({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.address })
const run = (words: string, environment: Readonly<Record<string, string>>, input?: string) =>
  runCommandLine([...words.split(' '), `-store=dir=file directory=${folder}`], environment, input)
const names = () => collector.spans.map(({ name }) => name)

test('is a trace of the verb and what it asked', async () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  const { status, stdout, stderr } = await run('get dir:a dir:b?', {
    ...at(),
    TRACEPARENT: traceparent,
  })
  expect([status, stderr]).toEqual([0, ''])
  expect(stdout).toContain(canary.value)
  expect(collector.faults).toEqual([])
  expect(collector.requests).toHaveLength(1)
  const [root, read] = collector.spans
  expect(root).toMatchObject({
    name: 'claviger get',
    traceId: '0af7651916cd43dd8448eb211c80319c',
    parentSpanId: 'b7ad6b7169203331',
    attributes: { 'process.exit.code': 0 },
    resource: { 'service.name': 'claviger' },
  })
  expect(read).toMatchObject({
    name: 'read_secret',
    traceId: root?.traceId,
    parentSpanId: root?.spanId,
    kind: 3,
    attributes: { 'claviger.secret.references': ['dir:a', 'dir:b'], 'claviger.secret.failed': 1 },
  })
  for (const { text } of collector.requests) expectClean(text)
})

test.each<[string, string, number]>([
  ['list dir:', 'list_secrets', 0],
  ['set dir:new', 'write_secret', 0],
  ['delete dir:a -yes', 'delete_secret', 0],
  ['delete dir:gone -yes', 'delete_secret', 66],
])('%s: %s', async (words, name, code) => {
  const { status } = await run(words, at(), canary.value)
  expect(status).toBe(code)
  expect(names()).toEqual([`claviger ${words.split(' ')[0]}`, name])
  for (const span of collector.spans) {
    expect(span.status).toMatchObject({ code: code === 0 ? 0 : 2 })
  }
  expect(collector.faults).toEqual([])
  for (const { text } of collector.requests) expectClean(text)
})

test('templates are traced without the paths that they compute', async () => {
  const vault = await startScriptedVault(() => kvBody({ password: canary.value }))
  const template =
    '{{ with secret "secret/data/a" }}{{ secret (printf "x/%s" .Data.data.password) }}{{ end }}'
  const environment = { ...at(), VAULT_ADDR: vault.address, VAULT_TOKEN: canary.token }
  const line = JSON.stringify({ id: '1', template })
  await runCommandLine(['template', 'run', '--jsonl'], environment, `${line}\n`)
  await vault.close()
  expect(names()).toEqual(['claviger template', 'read_secret', 'read_secret'])
  expect(collector.faults).toEqual([])
  for (const { text } of collector.requests) expectClean(text)
})

test('a verb that asks no store is no trace, and says nothing of variables', async () => {
  const { status, stderr } = await run('stores', { ...at(), OTEL_TRACES_SAMPLER: 'nonsense' })
  expect([status, stderr, collector.requests]).toEqual([0, '', []])
})

test('what is wrong with a variable is told, and the verb does its work', async () => {
  const { status, stdout, stderr } = await run('get dir:a', { OTEL_EXPORTER_OTLP_ENDPOINT: 'c:1' })
  expect([status, stdout]).toEqual([0, canary.value])
  expect(stderr).toMatch(/^claviger: OTEL_EXPORTER_OTLP_ENDPOINT: expected an http:\/\/.*\n$/)
})

test.each([
  ['hang', 'no answer within 1 s'],
  [500, 'status 500'],
] as const)(
  'a collector of no use (%s) is told of, and the verb has its exit code',
  async (mood, reason) => {
    collector.mood = mood
    // A request that nobody ends would take an hour.
    const patient = { ...at(), OTEL_EXPORTER_OTLP_TIMEOUT: '3600000' }
    const { status, stdout, stderr } = await run('get dir:a', patient)
    expect([status, stdout]).toEqual([0, canary.value])
    expect(stderr).toMatch(new RegExp(`\\[WARN\\] traces are not sent .*reason="${reason}"\n$`))
  },
)
