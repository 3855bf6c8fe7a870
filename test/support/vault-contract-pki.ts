/** The contract's part about the pki engine. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { type Call, freshName, member, textAt } from './vault-contract-client.ts'

export function describePki(call: Call): void {
  describe('pki', () => {
    const mount = freshName()
    let authority: X509Certificate

    const makeRole = async (fields: object) => {
      const name = freshName()
      const body = { key_type: 'ec', key_bits: 256, ...fields }
      expect((await call('POST', `${mount}/roles/${name}`, { body })).status).toBe(200)
      return name
    }
    const issue = async (role: string, body: object) =>
      call('PUT', `${mount}/issue/${role}`, { body })

    beforeAll(async () => {
      await call('POST', `sys/mounts/${mount}`, { body: { type: 'pki' } })
      const order = { common_name: 'Contract CA', ttl: '700h', key_type: 'ec', key_bits: 256 }
      const made = await call('POST', `${mount}/root/generate/internal`, { body: order })
      expect(made.status).toBe(200)
      authority = new X509Certificate(textAt(made.body, 'data', 'certificate'))
    })

    test('makes an authority that signs itself', async () => {
      expect(authority.ca).toBe(true)
      expect(authority.subject).toBe('CN=Contract CA')
      expect(authority.verify(authority.publicKey)).toBe(true)
      const read = await call('GET', `${mount}/cert/ca`)
      expect(new X509Certificate(textAt(read.body, 'data', 'certificate')).raw).toEqual(
        authority.raw,
      )
    })

    test('issues a certificate and its key, without a lease', async () => {
      const role = await makeRole({ allow_any_name: true })
      const order = { common_name: 'a.example', alt_names: 'b.example,localhost', ttl: '1h' }
      const { body } = await issue(role, { ...order, ip_sans: '127.0.0.1' })
      expect(body).toMatchObject({ lease_id: '', lease_duration: 0, renewable: false })
      const data = (name: string) => textAt(body, 'data', name)
      const certificate = new X509Certificate(data('certificate'))
      expect(certificate.verify(authority.publicKey)).toBe(true)
      expect(certificate.checkIssued(authority)).toBe(true)
      expect(certificate.checkPrivateKey(createPrivateKey(data('private_key')))).toBe(true)
      for (const host of ['a.example', 'b.example', 'localhost']) {
        expect(certificate.checkHost(host)).toBe(host)
      }
      expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1')
      expect(Date.parse(certificate.validTo) / 1000).toBe(member(body, 'data', 'expiration'))
      expect(data('private_key')).toMatch(/^-----BEGIN EC PRIVATE KEY-----/)
      expect(data('private_key_type')).toBe('ec')
      expect(data('serial_number').replaceAll(':', '').toUpperCase()).toBe(
        certificate.serialNumber.padStart(data('serial_number').replaceAll(':', '').length, '0'),
      )
      expect(member(body, 'data', 'ca_chain')).toEqual([data('issuing_ca')])
      expect(new X509Certificate(data('issuing_ca')).raw).toEqual(authority.raw)
    })

    test('never issues beyond the longest time of the role', async () => {
      const role = await makeRole({ allow_any_name: true, max_ttl: '2h' })
      const { body } = await issue(role, { common_name: 'a', ttl: '50h' })
      const seconds = Number(member(body, 'data', 'expiration')) - Date.now() / 1000
      expect(seconds).toBeGreaterThan(7000)
      expect(seconds).toBeLessThanOrEqual(7201)
    })

    test('issues the names below the domains of the role', async () => {
      const role = await makeRole({ allowed_domains: 'example.com', allow_subdomains: true })
      const answered = async (common_name: string) => issue(role, { common_name, ttl: '1h' })
      expect((await answered('a.example.com')).status).toBe(200)
      for (const name of ['example.com', 'a.example.org']) {
        expect(await answered(name)).toMatchObject({
          status: 400,
          body: { errors: [`common name ${name} not allowed by this role`] },
        })
      }
    })

    test.each([
      ['an unknown role', 'none', { common_name: 'a' }],
      ['no name', undefined, { ttl: '1h' }],
      ['an address that is none', undefined, { common_name: 'a', ip_sans: 'here' }],
    ])('refuses %s', async (_, role, order) => {
      const name = role ?? (await makeRole({ allow_any_name: true }))
      expect((await issue(name, order)).status).toBe(400)
    })

    test('issues nothing before there is an authority', async () => {
      const empty = freshName()
      await call('POST', `sys/mounts/${empty}`, { body: { type: 'pki' } })
      await call('POST', `${empty}/roles/any`, { body: { allow_any_name: true } })
      const issued = await call('POST', `${empty}/issue/any`, { body: { common_name: 'a' } })
      expect(issued.status).toBe(500)
      expect((await call('GET', `${empty}/cert/ca`)).status).toBe(400)
    })
  })
}
