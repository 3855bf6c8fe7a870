/** Where the control groups of this process are, read from /proc: pure, but for the question which folders exist. */
import { dirname, join } from 'node:path'

export type GroupKind = 'cgroup v1' | 'cgroup v2' | '/proc'

export interface GroupPlaces {
  readonly kind: GroupKind
  /** Folders in which an agent's own group is made: for its memory, and for its processor time where that is another. */
  readonly parents: readonly string[]
}

export interface GroupFacts {
  /** Of /proc/self/cgroup. */
  readonly own: string
  /** Of /proc/mounts. */
  readonly mounts: string
  readonly exists: (path: string) => boolean
  readonly read: (path: string) => string
}

/**
 * Version 1: below the groups of this process. Version 2: there too where memory is handed down, which a group with processes
 * may not do; else beside it. Source: cgroups(7), Documentation/admin-guide/cgroup-v2.rst, no internal process constraint.
 */
export function findGroupPlaces(facts: GroupFacts): GroupPlaces {
  const memory = findOwnGroup(facts, 'memory')
  const processor = findOwnGroup(facts, 'cpuacct')
  if (memory !== undefined) {
    const parents = processor === undefined ? [memory] : [memory, processor]
    return { kind: 'cgroup v1', parents }
  }
  const unified = findOwnGroup(facts, undefined)
  const handsDown = (folder: string) => {
    const file = join(folder, 'cgroup.subtree_control')
    return facts.exists(file) && /\bmemory\b/.test(facts.read(file))
  }
  const parent = unified === undefined ? undefined : [unified, dirname(unified)].find(handsDown)
  return parent === undefined
    ? { kind: '/proc', parents: [] }
    : { kind: 'cgroup v2', parents: [parent] }
}

/** Of a controller of version 1, or of version 2. */
function findOwnGroup(facts: GroupFacts, controller: string | undefined): string | undefined {
  const isSought = (names: string) =>
    controller === undefined ? names === '' : names.split(',').includes(controller)
  const line = facts.own.split('\n').find((text) => isSought(text.split(':')[1] ?? '-'))
  const mounted = facts.mounts
    .split('\n')
    .map((text) => text.split(' '))
    .find(([, , type, options = '']) =>
      controller === undefined
        ? type === 'cgroup2'
        : type === 'cgroup' && options.split(',').includes(controller),
    )?.[1]
  if (line === undefined || mounted === undefined) return undefined
  // In a container the path may be the host's, and the mount already the own group.
  const path = join(mounted, line.split(':').slice(2).join(':'))
  return facts.exists(path) ? path : mounted
}
