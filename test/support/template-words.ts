/** What random templates are made of, and the data they are rendered with. */

/** Uniform in [0, 1), the same for the same seed. Source: mulberry32. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export const templateData = {
  s: 'text',
  e: '',
  n: 5,
  f: 1.5,
  big: 1e21,
  small: 1e-7,
  neg: -3,
  z: 0,
  t: true,
  b: false,
  nil: null,
  list: [1, 'a', null, true, [2, 3], { k: 'v' }],
  strs: ['b', 'a', 'é'],
  nums: [3, 1, 2.5, 1000000],
  empty: [],
  map: { a: 1, b: { c: 'd', n: 7 }, z: null, 'x-y': 2, __proto: 'p' },
  emap: {},
  uni: '日本\u2028<&>\'"😀',
  esc: 'a\tb\n\\',
} as const

export const fields =
  '. .s .e .n .f .big .small .neg .z .t .b .nil .list .strs .nums .empty .map .map.a .map.b .map.b.c .map.z .emap .uni .esc .missing .map.nope .s.x .nil.x .map.z.y .constructor .list.x'.split(
    ' ',
  )
export const literals = [
  ...'0 1 2 3 -1 7 010 0x1F 0b11 0o17 1_000 1.0 1.5 -2.5 1e3 1e6 1e21 .5 0x1p4 1i -0 -0.0 9223372036854775807 9223372036854775808 true false nil'.split(
    ' ',
  ),
  '"a"',
  '"text"',
  '""',
  '"é\\n\\t\\x41\\u00e9"',
  '`raw\\n "q"`',
  "'a'",
  "'\\n'",
  "'é'",
  '"日本"',
  '"%d"',
  '"<b>&\'"',
]
export const bad = [
  '1a',
  '09',
  '1__0',
  '"\\q"',
  "'ab'",
  '1e400',
  '$undefined',
  'unknownFunction',
  '.x-y',
  '(',
  ')',
  ',',
  '#',
  '"open',
]
export const texts = [
  '',
  ' ',
  '\n',
  'text',
  ' a }} b ',
  '\t\n x ',
  '{',
  '{ {',
  'é日',
  '-',
  '}}',
  ' - ',
]
export const words = [
  'len',
  'not',
  'html',
  'js',
  'urlquery',
  'print',
  'println',
  'eq',
  'ne',
  'lt',
  'le',
  'gt',
  'ge',
  'index',
  'slice',
  'and',
  'or',
  'printf',
  'call',
]
export const verbs = 'v d s q x X t T b o O c U e E f F g G z w %'.split(' ')
export const flags = [
  '',
  '',
  '',
  '+',
  '-',
  '#',
  '0',
  ' ',
  '+#',
  '-0',
  '# ',
  '08',
  '5',
  '-6',
  '.2',
  '6.3',
  '+.1',
  '10.',
  '*',
  '.*',
  '[1]',
  '[2]',
  '[9]',
  '[x]',
  '*.[1]*',
]
