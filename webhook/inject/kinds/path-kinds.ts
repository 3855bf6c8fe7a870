/** The kinds of value that are paths. */
import type { ValueKind } from './value-kinds.ts'

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

/** A file in the agent's containers, used as it is written; empty is none. */
export const agentFile: ValueKind<string> = {
  expected: 'an absolute path without ".." segments, or "" for none',
  parse: (value) =>
    value === '' || (value.startsWith('/') && value.split('/').every(isPlainSegment))
      ? value
      : undefined,
  shown: false,
}

/** The directories that only the agent's containers mount. */
export const agentDirectories = {
  state: '/vault/state',
  tls: '/vault/tls',
  extra: '/vault/custom',
  config: '/vault/configs',
  cache: '/vault/agent-cache',
  home: '/home/vault',
  storeTokens: '/var/run/secrets/claviger.dev',
  // Where the API server's own admission would otherwise mount the app's token.
  token: '/var/run/secrets/kubernetes.io/serviceaccount',
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
