import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from '@jest/globals'
import { createTransport, pickProxy } from '../../../../core/vault/transport.ts'

test('a proxy is asked for a tunnel, unless the host is one that needs none', async () => {
  const asked: (string | undefined)[] = []
  const proxy = createServer().on('connect', (request, socket) => {
    asked.push(request.url)
    socket.end('HTTP/1.1 502 no\r\n\r\n')
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const { port } = proxy.address() as AddressInfo
  const variables = { HTTPS_PROXY: `http://127.0.0.1:${port}`, no_proxy: '127.0.0.2' }
  const transport = createTransport({
    tls: {},
    skipVerify: false,
    timeoutMs: 5000,
    proxy: pickProxy({ ...variables, HTTP_PROXY: '', PATH: '/bin' }),
  })
  for (const host of ['vault.invalid:8200', '127.0.0.2:1']) {
    const request = { uri: `https://${host}/v1/x`, method: 'GET', headers: {} }
    await expect(transport(request)).rejects.toMatchObject({ code: 'store_unreachable' })
  }
  expect(asked).toEqual(['vault.invalid:8200'])
  proxy.close()
})
