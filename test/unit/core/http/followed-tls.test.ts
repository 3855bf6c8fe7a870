import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { expect, test } from '@jest/globals'
import { createExchange } from '../../../../core/http/exchange.ts'
import { followTls } from '../../../../core/http/followed-tls.ts'
import { createTestCertificate } from '../../../integration/webhook/support/certificates.ts'

test('authorities that are replaced count for each of those who follow them', async () => {
  const [first, second] = [createTestCertificate(), createTestCertificate()]
  const server = createServer(first.pair, (_, response) => {
    response.setHeader('connection', 'close').end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`
  let ca = first.ca
  const files = followTls({ read: () => ({ ca }), stamp: () => ca })
  const open = () => createExchange({ ...files, skipVerify: false, timeoutMs: 10_000 })
  const exchanges = [open(), open()]
  const ask = async () => {
    const answers = exchanges.map((exchange) => exchange({ method: 'GET', url, headers: {} }))
    return (await Promise.all(answers)).map(({ status }) => status)
  }
  expect(await ask()).toEqual([200, 200])
  server.setSecureContext(second.pair)
  ca = second.ca
  expect(await ask()).toEqual([200, 200])
  // One that comes later begins with what was there at first.
  exchanges.push(open())
  expect(await ask()).toEqual([200, 200, 200])
  server.close()
  server.closeAllConnections()
})
