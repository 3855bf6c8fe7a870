/** sprig's ciphers, password hashes and private keys. Source: sprig's crypto.go. */
import { createCipheriv, createDecipheriv } from 'node:crypto'
import { bcrypt, longestPassword } from '../crypto/bcrypt.ts'
import { derivePassword } from '../crypto/derive-password.ts'
import { type KeyForm, toKeyPem } from '../crypto/private-key.ts'
import type { KeyKind } from '../randomness.ts'
import { textOf, type Value } from '../values.ts'
import { fromBase64, standardAlphabet } from './encoding.ts'
import {
  binary,
  FunctionError,
  type FunctionHost,
  type GoFunction,
  stringParameter,
  unary,
} from './function.ts'

const twoTexts = [stringParameter, stringParameter] as const

export const sprigCryptoFunctions: readonly GoFunction[] = [
  {
    name: 'sprig_derivePassword',
    parameters: ['uint32', 'string', 'string', 'string', 'string'],
    run: ([counter, ...texts]) => {
      const [kind = '', password = '', user = '', site = ''] = texts.map(
        (text) => textOf(text) ?? '',
      )
      const account = { counter: Number(integer(counter)), kind, password, user, site }
      return derivePassword(account) ?? `cannot find password template ${kind}`
    },
  },
  unary('sprig_bcrypt', stringParameter, hashPassword),
  binary('sprig_htpasswd', twoTexts, (user, password, host) =>
    user.includes(':') ? `invalid username: ${user}` : `${user}:${hashPassword(password, host)}`,
  ),
  binary('sprig_encryptAES', twoTexts, encrypt),
  binary('sprig_decryptAES', twoTexts, decrypt),
  unary('sprig_genPrivateKey', stringParameter, (kind, { random }) => {
    const found = keyKinds.get(kind)
    if (found === undefined) return `Unknown type ${kind}`
    return toKeyPem(random().privateKey(found.kind), found.form)
  }),
]

function integer(value: Value): bigint {
  return typeof value === 'object' && value.kind === 'uint' ? value.value : 0n
}

const keyKinds = new Map<string, { readonly kind: KeyKind; readonly form: KeyForm }>([
  ['', { kind: 'rsa-4096', form: 'RSA' }],
  ['rsa', { kind: 'rsa-4096', form: 'RSA' }],
  ['dsa', { kind: 'dsa-2048', form: 'DSA' }],
  ['ecdsa', { kind: 'ecdsa-p256', form: 'EC' }],
  ['ed25519', { kind: 'ed25519', form: '' }],
])

const bcryptCost = 10

function hashPassword(password: string, { random }: FunctionHost): string {
  if (password.length > longestPassword) {
    return 'failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes'
  }
  return bcrypt(Buffer.from(password, 'latin1'), random().bytes(16), bcryptCost)
}

/** Cut or filled up with zeros to 32 bytes. */
function keyOf(password: string): Buffer {
  return Buffer.concat([Buffer.from(password, 'latin1'), Buffer.alloc(32)], 32)
}

function encrypt(password: string, text: string, { random }: FunctionHost): string {
  if (text === '') return ''
  const iv = random().bytes(16)
  const cipher = createCipheriv('aes-256-cbc', keyOf(password), iv)
  const sealed = [iv, cipher.update(Buffer.from(text, 'latin1')), cipher.final()]
  return Buffer.concat(sealed).toString('base64')
}

function decrypt(password: string, text: string): string {
  if (text === '') return ''
  const bytes = Buffer.from(fromBase64('', text, standardAlphabet), 'latin1')
  if (bytes.length < 16) {
    throw new FunctionError(
      `runtime error: slice bounds out of range [:16] with capacity ${bytes.length}`,
    )
  }
  const body = bytes.subarray(16)
  if (body.length % 16 !== 0) throw new FunctionError('crypto/cipher: input not full blocks')
  if (body.length === 0) throw new FunctionError('runtime error: index out of range [-1]')
  const cipher = createDecipheriv('aes-256-cbc', keyOf(password), bytes.subarray(0, 16))
  cipher.setAutoPadding(false)
  const open = Buffer.concat([cipher.update(body), cipher.final()])
  const kept = open.length - (open.at(-1) ?? 0)
  if (kept < 0) throw new FunctionError(`runtime error: slice bounds out of range [:${kept}]`)
  return open.subarray(0, kept).toString('latin1')
}
