import { createPrivateKey, X509Certificate } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { systemRandomness } from '../../../../core/machine/system-randomness.ts'
import { bcrypt } from '../../../../core/template/crypto/bcrypt.ts'
import { parseTemplate, renderTemplate } from '../../../../core/template/template.ts'

const now = Date.UTC(2030, 0, 1)

function render(template: string): string {
  const scope = { secret: () => undefined, random: systemRandomness, now }
  const { output } = renderTemplate(
    parseTemplate({ name: 'test', text: Buffer.from(template).toString('latin1') }),
    scope,
  )
  return Buffer.from(output).toString()
}

describe('bcrypt', () => {
  /** bcrypt's own base64 of 16 equal groups of bits. */
  const salt = (hex: string) => Buffer.from(hex.repeat(16), 'hex')

  // Known answers of OpenBSD's and crypt_blowfish's tests, with the salt that each names.
  test.each([
    [
      'U*U',
      '10410410410410410410410410410410',
      '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW',
    ],
    [
      'U*U*',
      '10410410410410410410410410410410',
      '$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK',
    ],
    [
      '',
      '10410410410410410410410410410410',
      '$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy',
    ],
  ])('%j', (password, hex, hash) => {
    expect(bcrypt(Buffer.from(password), Buffer.from(hex, 'hex'), 5)).toBe(hash)
  })

  test('every salt gives another hash', () => {
    expect(bcrypt(Buffer.from('a'), salt('00'), 4)).not.toBe(
      bcrypt(Buffer.from('a'), salt('01'), 4),
    )
  })

  test('sprig’s functions use it at cost 10', () => {
    expect(render('{{sprig_htpasswd "ada" "secret"}}')).toMatch(/^ada:\$2a\$10\$[./A-Za-z0-9]{53}$/)
    expect(render('{{sprig_htpasswd "a:b" "secret"}}')).toBe('invalid username: a:b')
    expect(render(`{{sprig_bcrypt "${'x'.repeat(73)}"}}`)).toContain(
      'password length exceeds 72 bytes',
    )
  })
})

test('what was encrypted is decrypted', () => {
  expect(render('{{sprig_encryptAES "key" "plain text" | sprig_decryptAES "key"}}')).toBe(
    'plain text',
  )
  expect(render('{{sprig_encryptAES "key" ""}}')).toBe('')
  expect(() => render('{{sprig_decryptAES "key" "YWJj"}}')).toThrow('slice bounds out of range')
})

test('random numbers stay in their range, and a shuffled text keeps its letters', () => {
  const numbers = render('{{range 200}}{{sprig_randInt -2 3}} {{end}}')
    .trim()
    .split(' ')
    .map(Number)
  expect([...new Set(numbers)].toSorted((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2])
  expect([...render('{{sprig_shuffle "aébc"}}')].toSorted().join('')).toBe('abcé')
})

test.each(['ecdsa', 'ed25519'])('a new %s key is one', (kind) => {
  expect(createPrivateKey(render(`{{sprig_genPrivateKey "${kind}"}}`)).asymmetricKeyType).toBe(
    kind === 'ecdsa' ? 'ec' : kind,
  )
})

test('an unknown kind of key is named', () => {
  expect(render('{{sprig_genPrivateKey "x"}}')).toBe('Unknown type x')
})

describe('certificates', () => {
  const key = render('{{sprig_genPrivateKey "ecdsa"}}')
  const call = `{{$ca := sprig_genCAWithKey "Test CA" 365 (printf "%s" \`${key}\`)}}{{$ca.Cert}}`
  const names = '(sprig_list "10.0.0.1" "2001:db8::1") (sprig_list "app.test" "*.app.test")'

  test('an authority signs for itself', () => {
    const certificate = new X509Certificate(render(call))
    expect(certificate.ca).toBe(true)
    expect(certificate.subject).toBe('CN=Test CA')
    expect(certificate.issuer).toBe('CN=Test CA')
    expect(certificate.verify(certificate.publicKey)).toBe(true)
    expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true)
    expect(certificate.validToDate).toEqual(new Date(now + 365 * 86_400_000))
  })

  test('and for others', () => {
    const [ca = '', cert = '', signedKey = ''] = render(
      `${call}|{{$c := sprig_genSignedCertWithKey "app" ${names} 30 $ca \`${key}\`}}{{$c.Cert}}|{{$c.Key}}`,
    ).split('|')
    const authority = new X509Certificate(ca)
    const certificate = new X509Certificate(cert)
    expect(certificate.verify(authority.publicKey)).toBe(true)
    expect(certificate.checkIssued(authority)).toBe(true)
    expect(certificate.ca).toBe(false)
    expect(certificate.subjectAltName).toBe(
      'DNS:app.test, DNS:*.app.test, IP Address:10.0.0.1, IP Address:2001:DB8:0:0:0:0:0:1',
    )
    expect(certificate.checkHost('x.app.test')).toBe('*.app.test')
    expect(signedKey).toBe(key)
  })

  test('a new RSA key where none is given', () => {
    const [cert = '', pem = ''] = render(
      `{{$c := sprig_genSelfSignedCert "self" ${names} 1}}{{$c.Cert}}|{{$c.Key}}`,
    ).split('|')
    expect(pem).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n/)
    expect(new X509Certificate(cert).checkPrivateKey(createPrivateKey(pem))).toBe(true)
  })

  test('one that is given in base64 is checked', () => {
    const custom =
      '{{$b := sprig_buildCustomCert (sprig_b64enc $ca.Cert) (sprig_b64enc $ca.Key)}}{{eq $b.Cert $ca.Cert}}'
    expect(render(`${call}${custom}`).endsWith('true')).toBe(true)
    expect(() => render('{{sprig_buildCustomCert "!" ""}}')).toThrow(
      'unable to decode base64 certificate',
    )
    expect(() => render('{{sprig_buildCustomCert "eA==" ""}}')).toThrow(
      'unable to decode certificate',
    )
  })

  test.each([
    ['sprig_genCAWithKey "x" 1 "no key"', 'parsing private key: no PEM data in input'],
    ['sprig_genSelfSignedCert "x" (sprig_list "1.2.3") nil 1', 'error parsing ip: 1.2.3'],
    [
      'sprig_genSelfSignedCert "x" nil (sprig_list 5) 1',
      'error processing alternate dns name: 5 is not a string',
    ],
  ])('%s fails', (words, message) => {
    expect(() => render(`{{${words}}}`)).toThrow(message)
  })
})

test('without chance functions that need it fail', () => {
  const template = parseTemplate({ name: 'test', text: '{{sprig_shuffle "abc"}}' })
  expect(() => renderTemplate(template, { secret: () => undefined })).toThrow('no randomness')
})
