/** Our evaluator beside handlebars' own compiler, and against the shapes of its published exploits. */
import { createRequire } from 'node:module'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type Handlebars from 'handlebars'
import { TemplateError } from '../../../../core/template/template.ts'
import { renderWithData } from '../../../support/handlebars.ts'

const reference: typeof Handlebars = createRequire(import.meta.url)('handlebars')

const compiler = reference.create()
compiler.logger.log = () => {}
// Its own noEscape adds up what is not text: {{off}}{{on}} is 1.
Object.assign(compiler.Utils, {
  escapeExpression: (value: unknown) => String(value ?? ''),
})
compiler.registerHelper('secret', (_path: string, options: Handlebars.HelperOptions) =>
  options.fn({ data }),
)

const data = {
  empty: '',
  list: ['a', 'b<&>'],
  map: { a: '1', b: { c: 'deep' }, list: [1, 2] },
  maps: [{ name: 'x' }, { name: 'y', list: [] }],
  none: null,
  off: false,
  on: true,
  user: 'ad\'a"',
  void: [],
  zero: 0,
}

const name = fc.constantFrom(...Object.keys(data), 'a', 'b', 'c', 'name', 'item', 'key')
const path = fc.oneof(
  name,
  fc.tuple(name, name).map(([first, second]) => `${first}.${second}`),
  name.map((last) => `this.${last}`),
  name.map((last) => `../${last}`),
  fc.constantFrom(
    'this',
    '.',
    '@index',
    '@key',
    '@first',
    '@last',
    '@../index',
    'list.[1]',
    'map.b.c',
  ),
)
// Texts are not lists of characters here, as they are in JavaScript.
const lookup = fc.oneof(
  fc.tuple(path, fc.constantFrom('"a"', 'user')).map(([from, key]) => `lookup ${from} ${key}`),
  fc.constantFrom('lookup list 0', 'lookup list 1', 'lookup ../list 7', 'lookup maps 0'),
)
const tag = (text: fc.Arbitrary<string>) =>
  fc
    .tuple(fc.constantFrom('', '~'), text, fc.constantFrom('', '~'))
    .map(([left, inner, right]) => `{{${left}${inner}${right}}}`)
const space = fc.constantFrom('', ' ', '\n', '\n  ', ' x ', 'y\n')

const template = fc.letrec<{ body: string; node: string }>((tie) => {
  const block = (opening: fc.Arbitrary<string>, blockName: string) =>
    fc
      .tuple(tag(opening), tie('body'), fc.option(tie('body')), tag(fc.constant(`/${blockName}`)))
      .map(
        ([open, body, inverse, close]) =>
          `${open}${body}${inverse === null ? '' : `{{else}}${inverse}`}${close}`,
      )
  return {
    body: fc.array(fc.oneof(space, tie('node')), { maxLength: 3 }).map((parts) => parts.join('')),
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      tag(path),
      tag(lookup),
      block(
        path.map((given) => `#if ${given}`),
        'if',
      ),
      block(
        lookup.map((given) => `#if (${given})`),
        'if',
      ),
      block(
        path.map((given) => `#unless ${given}`),
        'unless',
      ),
      block(
        path.map((given) => `#each ${given} as |item key|`),
        'each',
      ),
      block(
        path.map((given) => `#each ${given}`),
        'each',
      ),
      block(
        path.map((given) => `#with ${given} as |item|`),
        'with',
      ),
      fc
        .tuple(path, path, tie('body'), tie('body'))
        .map(
          ([first, second, one, two]) => `{{#if ${first}}}${one}{{else if ${second}}}${two}{{/if}}`,
        ),
    ),
  }
})

test('whatever we render, handlebars renders alike', () => {
  let agreed = 0
  fc.assert(
    fc.property(template.body, (text) => {
      const ours = attempt(() => renderWithData(text, JSON.stringify(data)))
      if (ours === undefined) return
      agreed++
      const whole = `{{#secret "s"}}{{#with data}}${text}{{/with}}{{/secret}}`
      expect(ours).toBe(compiler.compile(whole)({}))
    }),
    {
      numRuns: 3000,
      examples: [
        ['{{#with this as |item|}}{{#with ../list as |item|}}{{else}} {{/with}}{{/with}}'],
        ['{{off}}{{this.on}}{{list}}'],
        ['{{#each map.list}}{{#each ../map.list}}{{../user}},{{/each}}{{/each}}'],
      ],
    },
  )
  expect(agreed).toBeGreaterThan(500)
})

/** What we refuse is another matter: we are strict. */
function attempt(run: () => string): string | undefined {
  try {
    return run()
  } catch (thrown) {
    if (thrown instanceof TemplateError) return undefined
    throw thrown
  }
}

describe('the published exploits', () => {
  // Shapes of our own after CVE-2019-19919, -20920, CVE-2021-23369, -23383, CVE-2026-33937 to -33941.
  const words = fc.constantFrom(
    '__proto__',
    'constructor',
    'prototype',
    '__defineGetter__',
    '__lookupGetter__',
    'toString',
    'valueOf',
    'hasOwnProperty',
    'helperMissing',
    'blockHelperMissing',
    '__get',
    'call',
    'apply',
    'bind',
    'name',
    'length',
    'caller',
    'arguments',
    'push',
    'pop',
    'map',
    'kind',
    'entries',
    'get',
    'type',
    'items',
    'value',
    'mainModule',
    'process',
    'require',
    'globalThis',
    'container',
  )
  const hostile = fc.oneof(
    words.map((word) => `{{${word}}}`),
    fc.tuple(words, words).map(([one, two]) => `{{user.${one}.${two}}}`),
    fc.tuple(words, words).map(([one, two]) => `{{lookup (lookup inner "${one}") "${two}"}}`),
    fc
      .tuple(words, words)
      .map(
        ([one, two]) =>
          `{{#with "${one}" as |x|}}{{#with (lookup x "${two}") as |y|}}{{y}}{{/with}}{{/with}}`,
      ),
    fc.tuple(words, words).map(([one, two]) => `{{#${one}}}{{${two} "return 1"}}{{/${one}}}`),
    words.map((word) => `{{#with (lookup this "${word}")}}{{../user}}{{constructor}}{{/with}}`),
    words.map((word) => `{{${word} "a" b=1}}`),
    words.map((word) => `{{#each (lookup "" "${word}")}}{{@key}}{{/each}}`),
    words.map((word) => `{{lookup this.${word} "x"}}`),
    words.map((word) => `{{@root.${word}}}{{@${word}}}`),
    words.map((word) => `{{[${word}]}}{{./${word}}}{{this/${word}}}`),
    words.map((word) => `{{#* ${word} "x"}}{{/${word}}}`),
    words.map((word) => `{{> (lookup this "${word}")}}`),
    words.map((word) => `{{#if ${word}}}reached{{/if}}`),
    fc.constantFrom(
      '{{#with "s" as |string|}}{{#with "e"}}{{#with split as |conslist|}}{{this.pop}}{{/with}}{{/with}}{{/with}}',
      '{{#with (helperMissing) as |f|}}{{f}}{{/with}}',
      '{{#each this}}{{#with (lookup this "constructor") as |c|}}{{c}}{{/with}}{{/each}}',
      '{{blockHelperMissing.constructor "return 1"}}',
      '{{#if (lookup . "constructor")}}reached{{/if}}',
    ),
  )
  const known = { user: 'ada', inner: {} }

  test('reach nothing: an error of the template, or no output', () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 2 }), (parts) => {
        const output = attempt(() => renderWithData(parts.join(''), JSON.stringify(known)))
        expect(output ?? '').toBe('')
      }),
      { numRuns: 3000 },
    )
  })

  test('find a key of that name where the secret has one, and nothing behind it', () => {
    fc.assert(
      fc.property(words, (word) => {
        const json = `{${JSON.stringify(word)}:{"inner":"own"}}`
        expect(renderWithData(`{{lookup (lookup this "${word}") "inner"}}`, json)).toBe('own')
        expect(renderWithData(`{{this.[${word}].inner}}`, json)).toBe('own')
        expect(
          attempt(() => renderWithData(`{{this.[${word}].constructor}}`, json)),
        ).toBeUndefined()
      }),
    )
  })

  test('any text parses, or is an error of the template', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '{{',
        '}}',
        '{{{',
        '}}}',
        '{{#',
        '{{/',
        '{{^',
        '{{>',
        '{{!--',
        '--}}',
        '{{{{',
        '}}}}',
        '"',
        '[',
        ']',
        '(',
        ')',
        '|',
        ' as |',
        '@',
        '../',
        '=',
        '~',
        '\\',
      ),
      fc.string({ maxLength: 3 }),
      words,
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        attempt(() => renderWithData(pieces.join(''), JSON.stringify(known)))
      }),
      { numRuns: 3000 },
    )
  })
})
