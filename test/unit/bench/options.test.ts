import { expect, test } from '@jest/globals'
import { parseOptions, renderHelp } from '../../bench/options.ts'

const names = ['start', 'growth-secrets', 'growth-templates']

function parse(...words: readonly string[]) {
  return parseOptions(words, names)
}

test('a whole run writes to docs', () => {
  expect(parse()).toEqual({
    kind: 'options',
    options: {
      only: names,
      rounds: 3,
      seconds: 10,
      peerInjector: undefined,
      images: new Map(),
      out: 'docs',
    },
  })
})

test.each([
  [['--only', 'growth'], { only: ['growth-secrets', 'growth-templates'], out: undefined }],
  [['--only', 'growth-secrets,start'], { only: ['start', 'growth-secrets'] }],
  [['--only', 'start', '--out', 'x'], { out: 'x' }],
  [['--no-out'], { only: names, out: undefined }],
  [['--rounds=2', '--seconds=0.5'], { rounds: 2, seconds: 0.5 }],
  [['--peer-injector', '/p'], { peerInjector: '/p' }],
  [
    ['--image', 'a=/b', '--image', 'c=/d=e'],
    {
      images: new Map([
        ['a', '/b'],
        ['c', '/d=e'],
      ]),
    },
  ],
])('%j', (words, options) => {
  expect(parse(...words)).toMatchObject({ kind: 'options', options })
})

test.each([
  [['--only', 'nothing'], 'no section nothing'],
  [['--rounds', '1.5'], 'no whole number above 0'],
  [['--seconds', 'x'], 'no number above 0'],
  [['--image', 'x'], 'not NAME=ARCHIVE'],
  [['--unknown'], '--unknown'],
  [['word'], 'word'],
])('%j is refused', (words, text) => {
  expect(parse(...words)).toEqual({ kind: 'problem', text: expect.stringContaining(text) })
})

test('--help names every section', () => {
  expect(parse('--help')).toEqual({ kind: 'help' })
  expect(renderHelp([{ name: 'start', title: 'Process start' }])).toContain(
    '  start  Process start',
  )
})
