import { describe, expect, test } from '@jest/globals'
import { render } from './render.ts'

describe('timestamp', () => {
  const now = Date.UTC(2026, 1, 3, 14, 5, 6, 70)

  test.each([
    ['', '2026-02-03T14:05:06Z'],
    ['"unix"', '1770127506'],
    [
      '"Mon Monday Jan January 1 01 2 02 _2 002 __2 06"',
      'Tue Tuesday Feb February 2 02 3 03  3 034  34 26',
    ],
    ['"15 3 03 4 04 5 05 PM pm MST"', '14 2 02 5 05 6 06 PM pm UTC'],
    ['"-07 -0700 -07:00 Z07:00 Z0700"', '+00 +0000 +00:00 Z Z'],
    ['"05.000 05,000000 05.999 05.9"', '06.070 06,070000 06.07 06'],
    ['"_2006 month"', '_2026 month'],
    ['"%Y"', '%Y'],
  ])('%s', (layout, output) => {
    expect(render(`{{ timestamp ${layout} }}`, { now })).toBe(output)
  })

  test('fails where nobody told the time, and for two layouts', () => {
    expect(() => render('{{ timestamp }}')).toThrow('the time is not known here')
    expect(() => render('{{ timestamp "a" "b" }}', { now })).toThrow('expected 0 or 1, but got 2')
  })
})

describe('scratch', () => {
  test.each([
    [
      '{{ scratch.Set "a" 1 }}{{ scratch.SetX "a" 2 }}{{ scratch.Get "a" }}{{ scratch.Key "b" }}',
      '1false',
    ],
    [
      '{{ scratch.MapSet "m" "b" 2 }}{{ scratch.MapSetX "m" "a" 1 }}{{ scratch.MapValues "m" }}',
      '[1 2]',
    ],
    ['{{ scratch.Get "x" }}{{ scratch.MapValues "x" }}', '<no value>[]'],
    [
      '{{ define "t" }}{{ scratch.Set "a" "t" }}{{ end }}{{ template "t" }}{{ scratch.Get "a" }}',
      't',
    ],
    [
      '{{ scratch.Set "__proto__" 1 }}{{ scratch.Get "__proto__" }}{{ scratch.Key "constructor" }}',
      '1false',
    ],
    ['{{ printf "%T" scratch }}', '*template.Scratch'],
  ])('%s', (template, output) => {
    expect(render(template)).toBe(output)
    expect(render(template)).toBe(output)
  })

  test.each([
    ['{{ scratch.Set "a" }}', 'wrong number of args for Set: want 2 got 1'],
    [
      '{{ scratch.Set "a" "x" }}{{ scratch.MapSet "a" "b" 1 }}',
      'error calling MapSet: "a" is not a map',
    ],
    ['{{ scratch.values }}', 'values is an unexported field of struct type *template.Scratch'],
    ['{{ scratch.Nope }}', "can't evaluate field Nope in type *template.Scratch"],
  ])('%s fails', (template, message) => {
    expect(() => render(template)).toThrow(message)
  })
})

describe('letter case and trimming', () => {
  test.each([
    ['toTitle "ßtrasse ǆabc éclair"', 'Sstrasse ǅabc Éclair'],
    ['toTitle "1st a.b.c x/y a_b it\'s o-k"', "1St A.b.c X/Y A_b It's O-K"],
    ['trim "xé" "xéaxé"', 'a'],
    ['trim "" " a "', ' a '],
    ['trim "a" "aaa"', ''],
  ])('%s', (words, output) => {
    expect(render(`{{ ${words} }}`)).toBe(output)
  })
})
