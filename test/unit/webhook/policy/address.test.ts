/** What the address guard refuses, spelled in every way that some parser takes. */
import { describe, expect, test } from '@jest/globals'
import { formatOrigin, guardAddress, readAddress } from '../../../../webhook/policy/address.ts'

const nothingListed = { loopback: [] }
const guard = (text: string) => guardAddress(text, nothingListed)

/** Hosts by what they are; each is tried as http and https, with and without a port and a path. */
const refusedHosts: Readonly<Record<string, readonly string[]>> = {
  'the metadata service of a cloud': [
    '169.254.169.254',
    '100.100.100.200',
    '192.0.0.192',
    '168.63.129.16',
    '[fd00:ec2::254]',
    '[FD00:EC2:0:0:0:0:0:254]',
    '[fd00:ec2::23]',
    '[fd20:ce::254]',
    '[fd00:c1::a9fe:a9fe]',
    '[fd00:42::42]',
    '[64:ff9b::169.254.169.254]',
    '[64:ff9b::a9fe:a9fe]',
    '[64:ff9b:1::a9fe:a9fe]',
    'metadata',
    'METADATA.google.internal',
    'metadata.google.internal.',
    'metadata.google.internal..',
    'metadata.goog',
    'metadata.azure.internal',
    'metadata.tencentyun.com',
    'instance-data',
    'instance-data.ec2.internal',
    'metadata.$(NAMESPACE).internal',
    '$(POD_NAME).google.internal',
    'meta$(NAMESPACE).google.internal',
    'METADATA.$(NAMESPACE).Internal.',
    'ｍetadata.google.internal',
    'metadata。google。internal',
  ],
  'link-local': [
    '169.254.0.1',
    '169.254.170.2',
    '169.254.255.255',
    '[fe80::1]',
    '[febf::1]',
    '[FE80::a9fe:a9fe]',
    '[fec0::1]',
    '[64:ff9b::169.254.0.1]',
  ],
  unspecified: ['0.0.0.0', '0.1.2.3', '[::]', '[0:0:0:0:0:0:0:0]'],
  multicast: ['224.0.0.1', '239.255.255.255', '[ff02::1]', '[ff00::]'],
  reserved: [
    '255.255.255.255',
    '240.0.0.1',
    '[::ffff:169.254.169.254]',
    '[::ffff:a9fe:a9fe]',
    '[::FFFF:127.0.0.1]',
    '[::ffff:10.0.0.1]',
    '[0:0:0:0:0:ffff:7f00:1]',
    '[::127.0.0.1]',
    '[::ffff:0:127.0.0.1]',
    '[2002:a9fe:a9fe::1]',
    '[2001:0:1::1]',
  ],
  loopback: [
    '127.0.0.1',
    '127.255.255.254',
    '[::1]',
    'localhost',
    'LOCALHOST',
    'localhost.',
    'foo.localhost',
    '$(NAMESPACE).localhost',
    'localhost.localdomain',
    'ip6-localhost',
    'ip6-loopback',
    'local$(POD_NAME)',
  ],
  'an IPv4 address in four decimal parts': [
    '2852039166',
    '0xa9fea9fe',
    '0XA9FEA9FE',
    '025177524776',
    '0xa9.0xfe.0xa9.0xfe',
    '0251.0376.0251.0376',
    '169.254.43518',
    '169.16689662',
    '169.254.0xa9.0376',
    '127.1',
    '127.0.1',
    '0x7f.1',
    '0177.0.0.1',
    '017700000001',
    '2130706433',
    '0',
    '0x0',
    '127.0.0.1.',
    '169.254.169.254.',
    '1.1.1.1.',
    '１６９.254.169.254',
    '①⑥⑨.254.169.254',
    '169。254。169。254',
    '169．254．169．254',
    '𝟏𝟔𝟗.254.169.254',
    '10.1',
  ],
  'a host that no placeholder turns into an IP address': [
    '169.254.169.$(POD_NAME)',
    '$(NAMESPACE)',
    '$(POD_NAME)',
    '$(NAMESPACE).$(POD_NAME)',
    '0x$(NAMESPACE)',
    '$(NAMESPACE)254',
    '$(HOST_IP)$(POD_IP)',
    '169.254.$(HOST_IP)',
  ],
  'a host that is a DNS name or an IP address': [
    '169.254.169.256',
    '1.2.3.4.5',
    'vault.1',
    '[::g]',
    'a^b',
    'a<b',
    '0169.254.169.254',
  ],
  'percent-encoding': [
    '%31%36%39.254.169.254',
    '[fe80::1%25eth0]',
    '169%2e254%2e169%2e254',
    'metadata.google%2Einternal',
  ],
  'a user': ['vault@169.254.169.254', 'user:pass@vault', '@vault'],
}

const spellings = (host: string) =>
  ['http', 'https', 'HTTP'].flatMap((scheme) => [
    `${scheme}://${host}`,
    `${scheme}://${host}:8200`,
    `${scheme}://${host}/v1/`,
  ])

describe('the address guard refuses', () => {
  test.each(
    Object.entries(refusedHosts).flatMap(([kind, hosts]) => hosts.map((host) => [host, kind])),
  )('%s: %s', (host, kind) => {
    for (const text of spellings(host)) expect(guard(text)).toContain(kind)
  })

  test.each([
    '',
    'vault:8200',
    '//vault:8200',
    'http:vault',
    'http:/vault',
    'http:///169.254.169.254',
    'http:\\\\169.254.169.254',
    'http://vault\\@169.254.169.254',
    'http://vault/?x=1',
    'http://vault?x=1',
    'http://vault#f',
    'http://169.254.169.254#@vault',
    'http://vault\n',
    'http://va\tult',
    'http://va ult',
    ' http://vault',
    'http://vault\u0000',
    'http://vault\u00a0',
    'ftp://vault',
    'file:///etc/passwd',
    'gopher://vault',
    'unix:///var/run/vault.sock',
    'javascript:alert(1)',
    'http://vault:',
    'http://vault:0',
    'http://vault:65536',
    'http://vault:8200:1',
    'http://vault:８２００',
    'http://[::1',
    'http://::1',
    'http://[]',
    'http://.',
    'http://$(NAMESPACE).exämple',
    '$(SCHEME)://vault',
  ])('%j', (text) => {
    expect(guard(text)).toEqual(expect.any(String))
  })
})

describe('the address guard takes', () => {
  test.each([
    ['https://vault.vault.svc:8200', 'https://vault.vault.svc:8200'],
    ['http://vault', 'http://vault:80'],
    ['https://Vault.Example.COM./v1', 'https://vault.example.com:443'],
    ['https://10.0.0.1:8200', 'https://10.0.0.1:8200'],
    ['http://192.168.1.5:08200', 'http://192.168.1.5:8200'],
    ['http://100.64.0.1:8200', 'http://100.64.0.1:8200'],
    ['http://[fd00:1::5]:8200', 'http://[fd00:1::5]:8200'],
    ['http://[2001:DB8:0::1]', 'http://[2001:db8::1]:80'],
    ['http://[64:ff9b::10.0.0.1]', 'http://[64:ff9b::a00:1]:80'],
    ['https://xn--bcher-kva.example', 'https://xn--bcher-kva.example:443'],
    ['https://bücher.example', 'https://xn--bcher-kva.example:443'],
    ['https://metadata.example.com', 'https://metadata.example.com:443'],
    ['https://localhost.example.com', 'https://localhost.example.com:443'],
    ['https://169.254.169.254.example', 'https://169.254.169.254.example:443'],
    ['http://$(HOST_IP):8200', 'http://$(HOST_IP):8200'],
    [
      'http://$(VAULT_SERVICE_HOST):$(VAULT_SERVICE_PORT)',
      'http://$(VAULT_SERVICE_HOST):$(VAULT_SERVICE_PORT)',
    ],
    ['http://Vault.$(NAMESPACE):8200', 'http://vault.$(NAMESPACE):8200'],
    ['https://vault.$(NAMESPACE).svc', 'https://vault.$(NAMESPACE).svc:443'],
    ['https://vault/$(NAMESPACE)', 'https://vault:443'],
  ])('%s as %s', (text, origin) => {
    expect(guard(text)).toBeUndefined()
    const reading = readAddress(text)
    expect(reading.kind === 'address' ? formatOrigin(reading.address) : reading).toBe(origin)
  })

  test.each([
    ['http://127.0.0.1:8200', 'http://127.0.0.1:8200', true],
    ['http://127.0.0.1:8200/', 'http://127.0.0.1:8200', true],
    ['http://localhost', 'http://LOCALHOST:80', true],
    ['http://127.0.0.1:8201', 'http://127.0.0.1:8200', false],
    ['https://127.0.0.1:8200', 'http://127.0.0.1:8200', false],
    ['http://127.0.0.2:8200', 'http://127.0.0.1:8200', false],
    ['http://169.254.169.254', 'http://169.254.169.254', false],
    ['http://127.1:8200', 'http://127.0.0.1:8200', false],
  ])('%s where %s is listed as loopback: %s', (text, listed, taken) => {
    expect(guardAddress(text, { loopback: [listed] }) === undefined).toBe(taken)
  })
})
