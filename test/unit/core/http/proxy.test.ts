import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from '@jest/globals'
import { pickProxy, proxyFor } from '../../../../core/http/proxy-variables.ts'
import { createTransport } from '../../../../core/vault/transport.ts'

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

test.each([
  ['https://vault.test:8200', {}, {}],
  [
    'https://vault.test:8200',
    { HTTPS_PROXY: 'http://p.test:1', no_proxy: 'a' },
    { HTTPS_PROXY: 'http://p.test:1', no_proxy: 'a' },
  ],
  ['http://vault.test', { http_proxy: 'p.test:1' }, { http_proxy: 'http://p.test:1' }],
  ['http://localhost:8200', { HTTP_PROXY: 'http://p.test:1' }, {}],
  ['http://127.9.9.9:8200', { HTTP_PROXY: 'http://p.test:1' }, {}],
  ['http://[::1]:8200', { HTTP_PROXY: 'http://p.test:1' }, {}],
  ['http://127.0.0.1.test', { HTTP_PROXY: 'http://p.test:1' }, { HTTP_PROXY: 'http://p.test:1' }],
  [
    'http://127.0.0.1:8200',
    { VAULT_HTTP_PROXY: 'q.test:2', HTTP_PROXY: 'http://p.test:1', NO_PROXY: '*' },
    { HTTP_PROXY: 'http://q.test:2', HTTPS_PROXY: 'http://q.test:2' },
  ],
  [
    'https://vault.test',
    { VAULT_PROXY_ADDR: 'https://r.test', VAULT_HTTP_PROXY: 'http://q.test:2' },
    { HTTP_PROXY: 'https://r.test', HTTPS_PROXY: 'https://r.test' },
  ],
])('for %s the variables %p come to %p', (url, variables, counting) => {
  expect(proxyFor(new URL(url), pickProxy(variables))).toEqual(counting)
})
