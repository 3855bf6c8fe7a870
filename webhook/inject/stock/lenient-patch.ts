/** The dialect of JSON Patch that vault-k8s takes, spelt in RFC 6902. Source: evanphx/json-patch 5.9 (its version 4 interface). */

import { isObject } from '../../../core/plain-object.ts'
import { formatPointer } from '../build/patch-pointer.ts'
import type { Json } from '../pod.ts'

/** Where a pointer leads: the list or object that holds the last segment, and that segment as the standard has it. */
interface Place {
  readonly parent: Json | readonly unknown[]
  readonly segments: readonly string[]
  readonly last: string
}

/**
 * One operation on `document`; undefined when it does not apply. Negative indices count from the end, `replace` of a member that is
 * not there adds it, `replace` of the whole document is allowed, an absent `value` is null.
 */
export function spellStrictly(operation: Json, document: unknown): Json | undefined {
  const { op, path, from, value = null } = operation
  if (typeof path !== 'string') return undefined
  switch (op) {
    case 'add':
      return withPlace(document, path, 1, (at) => ({ op, path: at.path, value }))
    case 'remove':
      return withPlace(document, path, 0, (at) => ({ op, path: at.path }))
    case 'replace':
      if (path === '') return isObject(value) ? { op, path, value } : undefined
      return withPlace(document, path, 0, (at) => ({
        op: Array.isArray(at.place.parent) ? 'replace' : 'add',
        path: at.path,
        value,
      }))
    case 'test':
      return spellTest(document, path, operation)
    case 'move':
    case 'copy':
      return spellTransfer(document, { op, path, from })
    default:
      return undefined
  }
}

function spellTest(document: unknown, path: string, operation: Json): Json | undefined {
  const { value = null } = operation
  if (path === '') return { op: 'test', path, value }
  return withPlace(document, path, 0, ({ place, path: at }) => {
    const found = readMember(place)
    // A member that is not there equals null.
    if (found === undefined)
      return value === null ? { op: 'test', path: '', value: document } : undefined
    return { op: 'test', path: at, value }
  })
}

function spellTransfer(
  document: unknown,
  { op, path, from }: { readonly op: string; readonly path: string; readonly from: unknown },
): Json | undefined {
  if (typeof from !== 'string') return undefined
  const source = withPlace(document, from, 0, ({ path: at }) => ({ at }))?.['at']
  if (source === undefined) return undefined
  // What moves within a list leaves it one shorter before it is put back.
  return withPlace(document, path, 1, ({ path: at }) => ({ op, from: source, path: at }))
}

function withPlace(
  document: unknown,
  path: string,
  growth: 0 | 1,
  build: (at: { readonly place: Place; readonly path: string }) => Json | undefined,
): Json | undefined {
  const place = findPlace(document, path, growth)
  if (place === undefined) return undefined
  return build({ place, path: formatPointer([...place.segments, place.last]) })
}

/** `growth` is 1 where the operation may put something behind the last element. */
function findPlace(document: unknown, path: string, growth: 0 | 1): Place | undefined {
  const [head, ...raw] = path.split('/')
  const last = raw.pop()
  if (head !== '' || last === undefined) return undefined
  let parent = document
  const segments: string[] = []
  for (const segment of raw.map(decodeSegment)) {
    const key = Array.isArray(parent) ? resolveIndex(segment, parent.length, 0) : segment
    if (key === undefined) return undefined
    segments.push(key)
    parent = readMember({
      parent: isObject(parent) || Array.isArray(parent) ? parent : {},
      last: key,
    })
  }
  if (Array.isArray(parent)) {
    const key = resolveIndex(decodeSegment(last), parent.length, growth)
    return key === undefined ? undefined : { parent, segments, last: key }
  }
  return isObject(parent) ? { parent, segments, last: decodeSegment(last) } : undefined
}

function readMember({ parent, last }: Pick<Place, 'parent' | 'last'>): unknown {
  return Object.hasOwn(parent, last) ? Reflect.get(parent, last) : undefined
}

/** Source: Go's strconv.Atoi takes a sign and leading zeros. */
function resolveIndex(segment: string, length: number, growth: 0 | 1): string | undefined {
  if (segment === '-' && growth === 1) return segment
  if (!/^[+-]?\d{1,9}$/.test(segment)) return undefined
  const size = length + growth
  const index = Number(segment)
  const resolved = index < 0 ? index + size : index
  return resolved >= 0 && resolved < size ? String(resolved) : undefined
}

function decodeSegment(segment: string): string {
  return segment.replaceAll('~1', '/').replaceAll('~0', '~')
}
