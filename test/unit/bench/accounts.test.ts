/** Where the bench makes the groups of its agents, and how images start what it starts. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { findGroupPlaces } from '../../bench/measure/control-groups.ts'
import { readImageStart } from '../../bench/measure/image-start.ts'

const version1 = `cgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0
cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,cpu,cpuacct 0 0`
const version2 = 'cgroup2 /sys/fs/cgroup cgroup2 rw,nsdelegate 0 0'

/** `files` by path; a folder exists where a file of it does, or where its own text is empty. */
function find(own: string, mounts: string, files: Readonly<Record<string, string>> = {}) {
  const exists = (path: string) => Object.keys(files).some((file) => file.startsWith(path))
  return findGroupPlaces({ own, mounts, exists, read: (path) => files[path] ?? '' })
}

describe('groups', () => {
  test('of version 1 are made below the own ones, for memory and processor time', () => {
    const own = '4:memory:/a/b\n3:cpu,cpuacct:/c'
    const files = { '/sys/fs/cgroup/memory/a/b': '', '/sys/fs/cgroup/cpu,cpuacct/c': '' }
    expect(find(own, version1, files)).toEqual({
      kind: 'cgroup v1',
      parents: ['/sys/fs/cgroup/memory/a/b', '/sys/fs/cgroup/cpu,cpuacct/c'],
    })
  })

  test('of version 1 in a container, whose mount is its own group already', () => {
    expect(find('4:memory:/docker/abc', version1).parents).toEqual(['/sys/fs/cgroup/memory'])
  })

  test.each([
    [
      'below the own one where it hands memory down',
      '/x',
      { '/sys/fs/cgroup/x/cgroup.subtree_control': 'cpu memory' },
      '/sys/fs/cgroup/x',
    ],
    [
      'beside it where it does not',
      '/x',
      {
        '/sys/fs/cgroup/x/cgroup.subtree_control': '',
        '/sys/fs/cgroup/cgroup.subtree_control': 'memory pids',
      },
      '/sys/fs/cgroup',
    ],
  ])('of version 2 are made %s', (_, own, files, parent) => {
    expect(find(`0::${own}`, version2, files)).toEqual({ kind: 'cgroup v2', parents: [parent] })
  })

  test('are not made where nothing hands memory down, or there are none', () => {
    const files = { '/sys/fs/cgroup/cgroup.subtree_control': 'pids' }
    expect(find('0::/', version2, files).kind).toBe('/proc')
    expect(find('', '').kind).toBe('/proc')
  })
})

test('an image starts Node with the flags of its last stage', () => {
  const text = `ENV A=1
ENTRYPOINT ["/node", "--old", "/x.cjs"]
ENV B=2 C=/d
ENTRYPOINT ["/waiter", "/node", "--new", "--size=1", "/x.cjs"]
CMD ["agent"]
`
  expect(readImageStart(text)).toEqual({
    flags: ['--new', '--size=1'],
    environment: { B: '2', C: '/d' },
  })
  expect(() => readImageStart('FROM scratch')).toThrow('ENTRYPOINT')
})

test.each(['Dockerfile.agent', 'Dockerfile.webhook'])('%s says how it starts Node', (path) => {
  expect(readImageStart(readFileSync(path, 'utf8')).flags).not.toEqual([])
})
