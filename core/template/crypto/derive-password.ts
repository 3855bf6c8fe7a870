/** The Master Password algorithm: one password per site from a single secret. Source: sprig's crypto.go, version 3 of the algorithm. */
import { createHmac, scryptSync } from 'node:crypto'

const seedName = 'com.lyndir.masterpassword'

const templates = new Map<string, string>([
  ['maximum', 'anoxxxxxxxxxxxxxxxxx axxxxxxxxxxxxxxxxxno'],
  [
    'long',
    'CvcvnoCvcvCvcv CvcvCvcvnoCvcv CvcvCvcvCvcvno CvccnoCvcvCvcv CvccCvcvnoCvcv CvccCvcvCvcvno CvcvnoCvccCvcv CvcvCvccnoCvcv CvcvCvccCvcvno CvcvnoCvcvCvcc CvcvCvcvnoCvcc CvcvCvcvCvccno CvccnoCvccCvcv CvccCvccnoCvcv CvccCvccCvcvno CvcvnoCvccCvcc CvcvCvccnoCvcc CvcvCvccCvccno CvccnoCvcvCvcc CvccCvcvnoCvcc CvccCvcvCvccno',
  ],
  ['medium', 'CvcnoCvc CvcCvcno'],
  ['short', 'Cvcn'],
  ['basic', 'aaanaaan aannaaan aaannaaa'],
  ['pin', 'nnnn'],
])

const vowels = 'AEIOU'
const consonants = 'BCDFGHJKLMNPQRSTVWXYZ'
const letters = vowels + vowels.toLowerCase() + consonants + consonants.toLowerCase()
const digits = '0123456789'

/** Letter of a template → what may stand there. */
const characters = new Map<string, string>([
  ['V', vowels],
  ['C', consonants],
  ['v', vowels.toLowerCase()],
  ['c', consonants.toLowerCase()],
  ['A', vowels + consonants],
  ['a', letters],
  ['n', digits],
  ['o', "@&%?,=[]_:-+*$#!'^~;()/."],
  ['x', `${letters}${digits}!@#$%^&*()`],
])

export interface SiteAccount {
  readonly counter: number
  /** `maximum`, `long`, `medium`, `short`, `basic`, `pin`. */
  readonly kind: string
  /** Byte strings. */
  readonly password: string
  readonly user: string
  readonly site: string
}

/** Undefined for an unknown kind. */
export function derivePassword({ counter, kind, ...account }: SiteAccount): string | undefined {
  const choices = templates.get(kind)?.split(' ')
  if (choices === undefined) return undefined
  const salt = Buffer.concat([Buffer.from(seedName), sized(account.user)])
  const key = scryptSync(Buffer.from(account.password, 'latin1'), salt, 64, {
    N: 32_768,
    r: 8,
    p: 2,
    maxmem: 64 * 1024 * 1024,
  })
  const message = Buffer.concat([Buffer.from(seedName), sized(account.site), uint32(counter)])
  const seed = createHmac('sha256', key).update(message).digest()
  const template = choices[(seed[0] ?? 0) % choices.length] ?? ''
  return Array.from(template, (letter, at) => {
    const allowed = characters.get(letter) ?? ''
    return allowed[(seed[at + 1] ?? 0) % allowed.length]
  }).join('')
}

function sized(text: string): Buffer {
  return Buffer.concat([uint32(text.length), Buffer.from(text, 'latin1')])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
