/** The CA of the store in a file: what a webhook starts with, and what a change means for pods. */
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { formatIssue } from '../../../core/issue.ts'
import { createLogger } from '../../../core/log.ts'
import { openStoreCaFile } from '../../../webhook/config/store-ca-file.ts'
import { WebhookServer } from '../../../webhook/http/server.ts'
import { createDefaults } from '../../support/webhook-defaults.ts'
import { createTestCertificate, review, send } from './support/certificates.ts'
import { createManualClock } from './support/clock.ts'
import { createTelemetry, serverSettings } from './support/telemetry.ts'

const lines: string[] = []
const write = (line: string) => void lines.push(line)
const logger = createLogger({ level: 'trace', format: 'json', write, now: () => 0 })
const [first, second] = [createTestCertificate(), createTestCertificate()]
const stops: (() => Promise<unknown>)[] = []
let folder = ''
let generation = 0

beforeEach(() => {
  lines.length = 0
  folder = mkdtempSync(join(tmpdir(), 'claviger-store-ca-'))
})

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
  rmSync(folder, { recursive: true })
})

/** As the kubelet changes a mounted Secret. */
function store(text: string): void {
  generation += 1
  const name = `..${generation}`
  mkdirSync(join(folder, name))
  writeFileSync(join(folder, name, 'ca.crt'), text)
  symlinkSync(name, join(folder, '..data_tmp'))
  renameSync(join(folder, '..data_tmp'), join(folder, '..data'))
}

async function open(clock = createManualClock()) {
  return openStoreCaFile({ path: join(folder, '..data', 'ca.crt'), clock, logger })
}

/** A webhook that reads the file; `inject` gives the patch of a pod as text. */
async function start() {
  const clock = createManualClock()
  const opened = await open(clock)
  if (opened.kind === 'issues') throw new Error(opened.issues.map(formatIssue).join('\n'))
  const controller = new AbortController()
  const running = opened.value.run(controller.signal)
  const server = new WebhookServer({
    defaults: createDefaults({ address: 'https://vault:8200', image: 'agent:1' }),
    storeCa: opened.value.current,
    telemetry: createTelemetry(logger),
    clock,
    ...serverSettings,
  })
  server.useCertificate(first.pair)
  const address = await server.listen('127.0.0.1', 0)
  stops.push(() => {
    controller.abort()
    return Promise.all([running, server.drain(0)])
  })
  return {
    inject: async () => {
      const headers = { 'content-type': 'application/json' }
      const options = { ca: first.ca, method: 'POST', headers, body: review }
      const { body } = await send(address, '/mutate', options)
      return Buffer.from(JSON.parse(body).response.patch, 'base64').toString()
    },
    /** Lets it look once more. */
    look: async () => {
      await clock.waiting()
      clock.advance(2_000)
      await clock.waiting()
    },
  }
}

/** The CA in whatever way it stands in the patch. */
function holds(patch: string, pem: string): boolean {
  const texts = [patch, ...(patch.match(/[A-Za-z0-9+/=]{200,}/g) ?? []).map(decode)]
  const forms = [pem, JSON.stringify(pem).slice(1, -1), Buffer.from(pem).toString('base64')]
  return texts.some((text) => forms.some((form) => text.includes(form.trim())))
}

const decode = (base64: string) => Buffer.from(base64, 'base64').toString()

describe('at the start', () => {
  test.each([
    ['a file that is missing', undefined, 'a file that can be read (ENOENT)'],
    ['no certificate', 'x', 'certificates, PEM'],
    ['a broken one', first.ca.replace(/\n.{9}/, '\n'), 'certificates, PEM'],
    ['too many', first.ca.repeat(200), 'at most 64 KiB'],
  ])('%s is told', async (_, text, problem) => {
    if (text !== undefined) store(text)
    const opened = await open()
    const told = opened.kind === 'issues' ? opened.issues.map(formatIssue) : []
    expect(told).toHaveLength(1)
    expect(told[0]).toContain(problem)
    expect(told[0]).toContain(folder)
  })
})

describe('pods', () => {
  test('get the CA of the file, those after a change the new one, and never a key beside it', async () => {
    store(first.ca + first.pair.key)
    const { inject, look } = await start()
    const before = await inject()
    expect(holds(before, first.ca)).toBe(true)
    expect(holds(before, first.pair.key)).toBe(false)
    store(second.ca)
    await look()
    const after = await inject()
    expect(holds(after, second.ca)).toBe(true)
    expect(holds(after, first.ca)).toBe(false)
  })

  test('keep getting the last good one while the file is wrong, which is logged once', async () => {
    store(first.ca)
    const { inject, look } = await start()
    store('x')
    await look()
    await look()
    expect(holds(await inject(), first.ca)).toBe(true)
    expect(lines.filter((line) => line.includes('the last good one stays'))).toHaveLength(1)
    rmSync(join(folder, '..data'))
    await look()
    expect(holds(await inject(), first.ca)).toBe(true)
  })
})
