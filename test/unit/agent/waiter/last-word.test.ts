import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { formatLastWord, type LastWord } from '../../../../agent/waiter/last-word.ts'
import { parseLastWord } from '../../../support/waiter/last-word.ts'

const never = Number.POSITIVE_INFINITY
const empty: LastWord = { dueAt: never, endMs: undefined, watched: new Map(), places: [] }

function filesOf(count: number, path = '/f'): ReadonlyMap<string, string> {
  return new Map(Array.from({ length: count }, (_, index) => [`${path}${index}`, '1:2'] as const))
}

function placesOf(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `tcp 127.0.0.1 ${index + 1}`)
}

test('is the text of docs/waiter.md', () => {
  const word = formatLastWord({
    dueAt: 123_456_788.2,
    endMs: 7000,
    watched: new Map([['/vault/configs/config.hcl', '1234:1764142678123456789']]),
    places: ['tcp 127.0.0.1 8200', 'tcp ::1 8200', 'unix /run/agent.sock'],
  })
  expect(word).toEqual({
    kind: 'text',
    text: `claviger-wait 1
due 123456789
end 7000
watch 1234:1764142678123456789 /vault/configs/config.hcl
listen tcp 127.0.0.1 8200
listen tcp ::1 8200
listen unix /run/agent.sock
.
`,
  })
})

test('never, and a moment that is past', () => {
  expect(formatLastWord(empty)).toEqual({ kind: 'text', text: 'claviger-wait 1\ndue never\n.\n' })
  expect(formatLastWord({ ...empty, dueAt: -5 })).toMatchObject({
    text: 'claviger-wait 1\ndue 0\n.\n',
  })
})

describe('is not spoken', () => {
  test.each<[string, Partial<LastWord>, string]>([
    ['of 9 sockets', { places: placesOf(9) }, 'many_sockets'],
    ['of 513 files', { watched: filesOf(513) }, 'many_files'],
    ['of long paths', { watched: filesOf(100, `/${'x'.repeat(200)}`) }, 'long_word'],
    ['of a path with a newline', { watched: new Map([['/a\nb', '1:2']]) }, 'odd_path'],
    ['of an empty path', { watched: new Map([['', '1:2']]) }, 'odd_path'],
    ['of a socket with a newline', { places: ['unix /a\n.'] }, 'odd_path'],
  ])('%s', (_, changes, reason) => {
    expect(formatLastWord({ ...empty, ...changes })).toEqual({ kind: 'unspeakable', reason })
  })

  test('but with as many as there may be', () => {
    const most = { ...empty, watched: filesOf(512), places: placesOf(8) }
    expect(formatLastWord(most).kind).toBe('text')
  })
})

test('whatever is spoken is understood', () => {
  const place = fc.oneof(
    fc.nat(65_535).map((port) => `tcp 10.0.0.1 ${port}`),
    fc.string({ minLength: 1, unit: 'binary' }).map((path) => `unix ${path}`),
  )
  const words = fc.record({
    dueAt: fc.oneof(fc.constant(never), fc.double({ min: 0, max: 1e13, noNaN: true })),
    endMs: fc.option(fc.nat(100_000), { nil: undefined }),
    watched: fc
      .array(fc.tuple(fc.string({ minLength: 1 }), fc.constant('1:2')), { maxLength: 20 })
      .map((pairs) => new Map(pairs)),
    places: fc.array(place, { maxLength: 9 }),
  })
  fc.assert(
    fc.property(words, (word) => {
      const spoken = formatLastWord(word)
      if (spoken.kind === 'unspeakable') return
      const understood = parseLastWord(spoken.text)
      expect(understood).toEqual({
        ...(word.dueAt === never ? {} : { due: Math.ceil(word.dueAt) }),
        ...(word.endMs === undefined ? {} : { endMs: word.endMs }),
        watched: Array.from(word.watched, ([path, mark]) => `${mark} ${path}`),
        sockets: word.places,
      })
    }),
  )
})
