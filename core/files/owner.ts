/** Who a file belongs to. */
import { fchownSync, fstatSync, readFileSync } from 'node:fs'
import { AppError, systemCode } from '../errors.ts'

/** Ids; undefined leaves what the system gave. */
export interface Owner {
  readonly uid: number | undefined
  readonly gid: number | undefined
}

/** Of names or numbers; an empty one is none. Errors: `write_failed` for a name that the system does not know. */
export function findOwner(user: string | undefined, group: string | undefined): Owner {
  return { uid: requireId('user', user), gid: requireId('group', group) }
}

function requireId(kind: OwnerKind, name: string | undefined): number | undefined {
  if (name === undefined || name === '') return undefined
  const id = findId(kind, name)
  if (id === undefined) throw new AppError('write_failed', { reason: `unknown ${kind}` })
  return id
}

const databases = { user: '/etc/passwd', group: '/etc/group' } as const
type OwnerKind = keyof typeof databases

/** Of `nobody` or `65534`; undefined for a name that the system does not know. */
export function findId(kind: OwnerKind, name: string): number | undefined {
  if (/^\d+$/.test(name)) return Number(name)
  const lines = readFileSync(databases[kind], 'utf8').split('\n')
  const id = lines.find((line) => line.startsWith(`${name}:`))?.split(':')[2]
  return id === undefined ? undefined : Number(id)
}

/** Gives the open file to `owner` if it is not theirs yet. Throws system errors as they are. */
export function giveTo(file: number, { uid, gid }: Owner): void {
  const now = fstatSync(file)
  const wanted = { uid: uid ?? now.uid, gid: gid ?? now.gid }
  if (wanted.uid === now.uid && wanted.gid === now.gid) return
  fchownSync(file, wanted.uid, wanted.gid)
}

/** As `giveTo` as far as the system allows; a group of one's own is allowed to everybody. */
export function tryToGive(file: number, owner: Owner): void {
  for (const attempt of [owner, { uid: undefined, gid: owner.gid }]) {
    try {
      giveTo(file, attempt)
      return
    } catch (thrown) {
      if (!forbidden.has(systemCode(thrown))) throw thrown
    }
  }
}

/** The second for an id that the user namespace does not know. Source: chown(2). */
const forbidden = new Set<string | undefined>(['EPERM', 'EINVAL'])
