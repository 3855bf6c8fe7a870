/** The program when something breaks that nobody caught, and its metrics on a port of their own. */
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { afterAll, describe, expect, test } from '@jest/globals'
import { review, send } from './support/certificates.ts'
import { Programs } from './support/program.ts'

const programs = new Programs()
const json = { 'content-type': 'application/json' }

afterAll(() => programs.stop())

describe('a fault', () => {
  test.each([
    ['an exception', "setImmediate(() => { throw new TypeError('s3cret') })", /error":"TypeError"/],
    ['a rejection', "void Promise.reject(new RangeError('s3cret'))", /error":"RangeError"/],
  ])(
    '%s that nobody caught ends the program with 70, after what is under way',
    async (_, code, line) => {
      const preload = programs.write('fault.mjs', `process.on('SIGUSR2', () => { ${code} })`)
      const program = await programs.start([], ['--import', preload])
      const { address, ca } = program
      const [host, port] = address.split(':')
      const headers = { ...json, 'content-length': review.length }
      const options = { host, port, path: '/mutate', method: 'POST', headers, ca }
      const slow = request(options)
      const answered: Promise<IncomingMessage[]> = once(slow, 'response')
      await new Promise((resolve) => slow.write(review.slice(0, 10), resolve))
      await send(address, '/healthz', { ca })
      process.kill(program.pid ?? 0, 'SIGUSR2')
      await program.waitFor(/webhook drains/)
      slow.end(review.slice(10))
      const [response] = await answered
      response?.resume()
      expect([response?.statusCode, response?.headers.connection]).toEqual([200, 'close'])
      expect(await program.exited).toBe(70)
      const text = program.lines.join('\n')
      expect(text).toMatch(line)
      expect(text).not.toContain('s3cret')
    },
    30_000,
  )
})

test('-metrics-listen serves the metrics without TLS, and nothing else', async () => {
  const program = await programs.start(['-metrics-listen=127.0.0.1:0', '-log-level=error'])
  const { address } = JSON.parse(await program.waitFor(/metrics are served/))
  await send(program.address, '/mutate', {
    ca: program.ca,
    method: 'POST',
    headers: json,
    body: review,
  })
  const metrics = await fetchPlain(`http://${address}/metrics`)
  expect(metrics.status).toBe(200)
  expect(metrics.text).toContain(
    'claviger_webhook_request_duration_seconds_count{result="injected"} 1\n',
  )
  expect(metrics.text).toContain('# TYPE process_resident_memory_bytes gauge')
  expect(await fetchPlain(`http://${address}/mutate`)).toMatchObject({ status: 404 })
  expect((await send(program.address, '/metrics', { ca: program.ca })).status).toBe(404)
  await program.stop()
}, 30_000)

async function fetchPlain(
  url: string,
): Promise<{ readonly status: number; readonly text: string }> {
  const [response]: IncomingMessage[] = await once(get(url, { agent: false }), 'response')
  let text = ''
  for await (const chunk of response?.setEncoding('utf8') ?? []) text += chunk
  return { status: response?.statusCode ?? 0, text }
}
