/** The kinds of value an annotation can have: what is expected, how it is read, and whether a wrong one may be repeated. */
import { durationExpected, parseDuration } from '../../core/duration.ts'
import { findNearest } from './nearest.ts'
import { parseQuantity } from './quantity.ts'

export interface ValueKind<T> {
  /** Completes "expected …" in messages and the table of the annotation reference. */
  readonly expected: string
  /** The typed value, or undefined when the text is none. */
  readonly parse: (text: string) => T | undefined
  /** True when a wrong value cannot be a secret by its nature, so that a message may repeat it. */
  readonly shown: boolean
  /** The valid spelling that was probably meant. */
  readonly suggest?: (text: string) => string | undefined
}

const trueWords = ['1', 't', 'T', 'TRUE', 'true', 'True']
const falseWords = ['0', 'f', 'F', 'FALSE', 'false', 'False', '']

/** Source: Go's strconv.ParseBool; empty is false as in vault-k8s. */
export const bool: ValueKind<boolean> = {
  expected: '"true" or "false"',
  parse: (text) =>
    trueWords.includes(text) ? true : falseWords.includes(text) ? false : undefined,
  shown: true,
  suggest: (text) => {
    const word = text.trim().toLowerCase()
    if (['yes', 'y', 'on', 'enabled'].includes(word)) return 'true'
    if (['no', 'n', 'off', 'disabled'].includes(word)) return 'false'
    return findNearest(word, ['true', 'false'])
  },
}

/** Any text; blank counts as absent where it declares something. */
export const text: ValueKind<string> = {
  expected: 'text',
  parse: (value) => value,
  shown: false,
}

export const requiredText = (expected: string): ValueKind<string> => ({
  expected,
  parse: (value) => (value.trim() === '' ? undefined : value),
  shown: false,
})

/** One of a closed set. */
export function choice<const T extends string>(choices: readonly T[]): ValueKind<T> {
  return {
    expected: `one of ${choices.map((name) => `"${name}"`).join(', ')}`,
    parse: (value) => choices.find((name) => name === value),
    shown: true,
    suggest: (value) => findNearest(value.trim().toLowerCase(), choices),
  }
}

/** A Kubernetes quantity; empty removes the default. */
export const quantity: ValueKind<string> = {
  expected: 'a Kubernetes quantity such as "250m" or "64Mi", or "" for none',
  parse: (value) => (value === '' || parseQuantity(value) !== undefined ? value : undefined),
  shown: true,
  suggest: (value) => {
    const spaceless = value.replace(/\s+/g, '')
    const binary = spaceless.replace(/[kmgt]i?b?$/i, (unit) => `${unit.charAt(0).toUpperCase()}i`)
    return [spaceless, binary].find((spelling) => parseQuantity(spelling) !== undefined)
  },
}

/** As it is written; the agent reads it. */
export const duration: ValueKind<string> = {
  expected: durationExpected,
  parse: (value) => {
    const parsed = parseDuration(value, '')
    return parsed.kind === 'ok' && parsed.value > 0 ? value.trim() : undefined
  },
  shown: true,
}

/** Permission bits of a file, without setuid, setgid and sticky. */
export const fileMode: ValueKind<string> = {
  expected: 'octal permission bits from "0000" to "0777"',
  parse: (value) => (/^0{0,2}[0-7]{1,3}$/.test(value) ? value : undefined),
  shown: true,
}

/** A file name, or a path below the directory of the secrets; the leading slash of an absolute one is dropped. */
export const relativePath: ValueKind<string> = {
  expected: 'a file name or a relative path without ".." segments, at most 255 bytes a segment',
  parse: (value) => {
    const segments = value.split('/').filter((segment) => segment !== '' && segment !== '.')
    return segments.length > 0 && segments.every(isPlainSegment) ? segments.join('/') : undefined
  },
  shown: false,
}

/** A directory in the containers; trailing and doubled slashes are dropped. */
export const directory: ValueKind<string> = {
  expected:
    'an absolute path without ".." segments that hides no system directory and no directory of the agent',
  parse: (value) => {
    if (!value.startsWith('/')) return undefined
    const segments = value.split('/').filter((segment) => segment !== '' && segment !== '.')
    const path = `/${segments.join('/')}`
    return segments.every(isPlainSegment) && !path.includes(':') && !isReserved(path)
      ? path
      : undefined
  },
  shown: false,
}

/** The directories that only the agent's containers mount. */
export const agentDirectories = {
  state: '/vault/state',
  token: '/var/run/secrets/claviger.dev/serviceaccount',
} as const

const systemDirectories = new Set(
  '/ /bin /boot /etc /home /lib /lib64 /root /run /sbin /usr /usr/bin /usr/lib /var /var/run'.split(
    ' ',
  ),
)
const systemTrees = ['/dev', '/proc', '/sys', '/var/run/secrets/kubernetes.io']

function isReserved(path: string): boolean {
  return (
    systemDirectories.has(path) ||
    systemTrees.some((tree) => contains(tree, path)) ||
    Object.values(agentDirectories).some((own) => contains(own, path) || contains(path, own))
  )
}

/** True when `inner` is `outer` or lies below it; both are clean absolute paths. */
export function contains(outer: string, inner: string): boolean {
  return inner === outer || inner.startsWith(outer.endsWith('/') ? outer : `${outer}/`)
}

// Control characters and NUL would reach file names.
function isPlainSegment(segment: string): boolean {
  if (segment === '..' || Buffer.byteLength(segment) > 255) return false
  for (const character of segment) {
    const code = character.codePointAt(0) ?? 0
    if (code < 0x20 || code === 0x7f) return false
  }
  return true
}

/** `http://host:8200`; `$(HOST_IP)` and the like, which the kubelet fills in, may stand anywhere in it. */
export const storeAddress: ValueKind<string> = {
  expected:
    'an http:// or https:// address without user, query and fragment, such as "https://vault.vault.svc:8200"',
  parse: (value) => (isStoreAddress(value) ? value : undefined),
  shown: false,
}

function isStoreAddress(value: string): boolean {
  const filled = value.replace(/\$\([A-Z_][A-Z0-9_]*\)/g, '1')
  if (!/^https?:\/\/[^\s/]/.test(filled) || /[\s?#@\\]/.test(filled)) return false
  return URL.canParse(filled)
}

/** Where an auth method is mounted. */
export const mountPath: ValueKind<string> = {
  expected: 'the path of an auth mount such as "auth/kubernetes"',
  parse: (value) =>
    value !== '' && !/[\s?#%]/.test(value) && !value.split('/').includes('..') ? value : undefined,
  shown: false,
}

/** A container image; the kubelet judges the details. */
export const image: ValueKind<string> = {
  expected: 'an image reference such as "registry.example/agent:1.0"',
  parse: (value) => (value !== '' && !/\s/.test(value) ? value : undefined),
  shown: false,
}
