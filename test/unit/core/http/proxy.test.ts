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

test.each([
  [
    '10.0.0.0/8',
    ['https://10.96.0.1:6443', 'http://10.0.0.1'],
    ['https://11.0.0.1', 'https://10.test'],
  ],
  ['192.168.7.0/30', ['https://192.168.7.3'], ['https://192.168.7.4']],
  ['fd00::/8', ['https://[fd12::1]'], ['https://[fe80::1]', 'https://10.0.0.1']],
  ['[fd00:0::1]:8200', ['https://[fd00::1]:8200'], ['https://[fd00::1]']],
  ['fd00::1', ['https://[fd00::1]:8200'], ['https://[fd00::2]']],
  [
    'amazonaws.com',
    ['https://sts.eu-west-1.amazonaws.com', 'https://AMAZONAWS.com'],
    ['https://notamazonaws.com'],
  ],
  [
    '.svc, cluster.local',
    ['https://vault.vault.svc:8200', 'http://a.b.svc.cluster.local.'],
    ['https://vault'],
  ],
  ['*.test', ['https://a.test'], ['https://b.test.example']],
  [
    'a.test:8200 b.test:443',
    ['https://a.test:8200', 'https://b.test'],
    ['https://a.test', 'http://b.test'],
  ],
  ['*', ['https://a.test'], []],
  [
    '10.0.0.0/33,10.0.0.0/8.5,10.0.0.0/-1,x/8,10.0.0.0/,:1,fe80::1%eth0,.,/,[],http://10.0.0.1',
    [],
    ['https://10.0.0.1', 'https://x', 'https://[fe80::1]'],
  ],
])('NO_PROXY=%s excepts %j and not %j', (list, excepted, others) => {
  const counts = (url: string, name: string) => {
    const variables = pickProxy({ HTTPS_PROXY: 'p.test:1', HTTP_PROXY: 'p.test:1', [name]: list })
    return Object.keys(proxyFor(new URL(url), variables)).length > 0
  }
  for (const name of ['NO_PROXY', 'no_proxy']) {
    expect(excepted.filter((url) => counts(url, name))).toEqual([])
    expect(others.filter((url) => !counts(url, name))).toEqual([])
  }
})
