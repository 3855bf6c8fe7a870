import { describe, expect, test } from '@jest/globals'
import { formatFlags, parseFlags, parseMixedFlags } from '../../../core/go-flags.ts'

const table = {
  address: { kind: 'text', help: 'where', variable: 'ADDRESS', argument: 'URL' },
  quiet: { kind: 'boolean', help: 'say nothing', variable: 'QUIET' },
} as const

describe('parseFlags', () => {
  test.each([
    [['-address=a'], {}, { address: 'a' }, []],
    [['--address', 'a', 'rest'], {}, { address: 'a' }, ['rest']],
    [['-address='], {}, { address: '' }, []],
    [['-address=a=b'], {}, { address: 'a=b' }, []],
    [['-quiet', 'rest', '-address=a'], {}, { quiet: true }, ['rest', '-address=a']],
    [['-quiet=F'], {}, { quiet: false }, []],
    [['-address=a', '-address=b'], {}, { address: 'b' }, []],
    [['--', '-quiet'], {}, {}, ['-quiet']],
    [['-'], {}, {}, ['-']],
    [[], { ADDRESS: 'v', QUIET: '1' }, { address: 'v', quiet: true }, []],
    [['-address=a'], { ADDRESS: 'v' }, { address: 'a' }, []],
    [[], { ADDRESS: '' }, {}, []],
  ])('%p with %p', (words, variables, flags, rest) => {
    expect(parseFlags(table, words, variables)).toEqual({ kind: 'ok', value: { flags, rest } })
  })

  test.each([
    [['-adress=a'], {}, '-adress'],
    [['-address'], {}, '-address'],
    [['-quiet=maybe'], {}, '-quiet'],
    [['-constructor=a'], {}, '-constructor'],
    [[], { QUIET: 'maybe' }, 'QUIET'],
  ])('%p with %p is refused', (words, variables, path) => {
    const parsed = parseFlags(table, words, variables)
    expect(parsed).toMatchObject({ kind: 'issues', issues: [{ path }] })
  })

  test('every problem is reported, a near name is proposed', () => {
    const parsed = parseFlags(table, ['-add=x', '-quiet=maybe'], {})
    expect(parsed).toMatchObject({
      kind: 'issues',
      issues: [
        { path: '-add', hint: 'did you mean -address?' },
        { path: '-quiet', got: 'maybe' },
      ],
    })
  })
})

test('a misspelt flag is told its nearest spelling', () => {
  expect(parseFlags(table, ['-adress=a'], {})).toMatchObject({
    kind: 'issues',
    issues: [{ path: '-adress', hint: 'did you mean -address?' }],
  })
})

test('formatFlags aligns and names variables', () => {
  expect(formatFlags(table)).toBe(
    '  -address=URL  where [ADDRESS]\n  -quiet        say nothing [QUIET]',
  )
})

describe('parseMixedFlags', () => {
  const mixed = { ...table, f: { kind: 'list', help: 'files' } } as const

  test.each<[readonly string[], object, readonly string[]]>([
    [[], {}, []],
    [['a', '-f=b', 'c', '--f', 'd'], { f: ['b', 'd'] }, ['a', 'c']],
    [['-', '-f', '-'], { f: ['-'] }, ['-']],
    [['a', '--', '-f=b', '--'], {}, ['a', '-f=b', '--']],
  ])('%j', (words, flags, rest) => {
    expect(parseMixedFlags(mixed, words, {})).toEqual({ kind: 'ok', value: { flags, rest } })
  })

  test('collects the problems of all flags', () => {
    expect(parseMixedFlags(mixed, ['a', '-nosuchthing', 'b', '-f'], {})).toMatchObject({
      kind: 'issues',
      issues: [{ path: '-nosuchthing' }, { path: '-f', expected: 'a value' }],
    })
  })
})
