/** Spans of an agent whose every step is a process of its own. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { working } from '../../support/agent-suite.ts'
import { type Collector, startCollector } from '../../support/collector.ts'
import { useWaiterSuite } from '../../support/waiter/waiter-suite.ts'

const suite = useWaiterSuite()
let collector: Collector
beforeEach(async () => {
  collector = await startCollector()
})
afterEach(() => collector.close())

async function startAgent() {
  const store = await suite.start(working)
  const { claviger, ...config } = { claviger: {}, ...suite.folder.config(store.address) }
  const traces = { endpoint: collector.address }
  return suite.startAgent({ ...config, claviger: { ...claviger, traces } }, 'info')
}

/** A step that has everything to do again. */
async function wake(waiter: Awaited<ReturnType<typeof startAgent>>) {
  rmSync(join(suite.folder.root, 'state', 'state.json'))
  waiter.fire({ kind: 'time' })
  await waiter.rest()
}

test('each step that asks for something is a trace, sent before the process ends', async () => {
  const waiter = await startAgent()
  await waiter.rest()
  await wake(waiter)
  expect(collector.faults).toEqual([])
  expect(collector.spans.map(({ name }) => name)).toEqual([
    ...['agent_step', 'login', 'read_secret'],
    ...['agent_step', 'login', 'read_secret'],
  ])
  expect(new Set(collector.spans.map(({ traceId }) => traceId)).size).toBe(2)
})

test('a collector that is down is told of by one process of many', async () => {
  const { port } = collector
  await collector.close()
  const waiter = await startAgent()
  const told = () => waiter.lines.filter((line) => line.includes('traces are'))
  await waiter.rest()
  expect(told()).toEqual([expect.stringContaining('[WARN] traces are not sent')])
  await wake(waiter)
  expect(told()).toHaveLength(1)
  collector = await startCollector(port)
  await wake(waiter)
  expect(told().slice(1)).toEqual([expect.stringContaining('[INFO] traces are sent again')])
  await wake(waiter)
  expect(told()).toHaveLength(2)
})
