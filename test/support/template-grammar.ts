/** Random templates after the grammar of Go's text/template, most of them valid, over `templateData`. */
import { bad, fields, flags, literals, texts, verbs, words } from './template-words.ts'

export class TemplateGrammar {
  readonly #random: () => number
  /** Declared and in scope. */
  #variables: readonly string[] = ['$']
  #inRange = false
  #defined = 0

  constructor(random: () => number) {
    this.#random = random
  }

  /** One template, a few of them broken on purpose. */
  next(): string {
    this.#variables = ['$']
    this.#inRange = false
    this.#defined = 0
    const text = this.#list(3)
    return this.#chance(0.12) ? this.#broken(text) : text
  }

  #chance(part: number): boolean {
    return this.#random() < part
  }

  #pick<T>(choices: readonly T[]): T {
    const found = choices[Math.floor(this.#random() * choices.length)]
    if (found === undefined) throw new Error('nothing to pick from')
    return found
  }

  #list(depth: number): string {
    const before = this.#variables
    const count = 1 + Math.floor(this.#random() * 3)
    const parts = Array.from({ length: count }, () => this.#pick(texts) + this.#item(depth))
    this.#variables = before
    return parts.join('') + this.#pick(texts)
  }

  #item(depth: number): string {
    const roll = this.#random()
    if (depth === 0 || roll < 0.4) return this.#action(this.#statement())
    if (roll < 0.52) return this.#branch('if', depth)
    if (roll < 0.64) return this.#branch('with', depth)
    if (roll < 0.8) return this.#range(depth)
    if (roll < 0.88) return this.#definition(depth)
    if (roll < 0.92) return this.#pick(['{{/* c */}}', '{{- /* c\n */ -}}', '{{/**/}}'])
    return this.#action(this.#statement())
  }

  #action(body: string): string {
    const left = this.#chance(0.15) ? '{{- ' : this.#pick(['{{', '{{ '])
    return left + body + (this.#chance(0.15) ? ' -}}' : this.#pick(['}}', ' }}']))
  }

  #statement(): string {
    const roll = this.#random()
    if (roll < 0.12) return this.#declare(':=')
    if (roll < 0.18) {
      const [, ...own] = this.#variables
      return own.length === 0 ? this.#pipe(2) : `${this.#pick(own)} = ${this.#pipe(2)}`
    }
    if (roll < 0.24 && this.#inRange) return this.#pick(['break', 'continue'])
    if (roll < 0.27 && this.#defined > 0) return `template "t${this.#defined}" ${this.#pipe(1)}`
    if (roll < 0.28) return this.#pick(bad)
    return this.#pipe(2)
  }

  #declare(operator: string): string {
    const name = `$v${Math.floor(this.#random() * 3)}`
    const text = `${name} ${operator} ${this.#pipe(2)}`
    this.#variables = [...new Set([...this.#variables, name])]
    return text
  }

  #branch(kind: 'if' | 'with', depth: number): string {
    const before = this.#variables
    const head = this.#chance(0.2) ? this.#declare(':=') : this.#pipe(2)
    let text = this.#action(`${kind} ${head}`) + this.#list(depth - 1)
    if (this.#chance(0.25))
      text += this.#action(`else ${kind} ${this.#pipe(2)}`) + this.#list(depth - 1)
    if (this.#chance(0.35)) text += this.#action('else') + this.#list(depth - 1)
    this.#variables = before
    return text + this.#action('end')
  }

  #range(depth: number): string {
    const before = this.#variables
    const outer = this.#inRange
    const over = this.#chance(0.75)
      ? this.#pick([
          '.list',
          '.strs',
          '.nums',
          '.map',
          '.empty',
          '.emap',
          '$.map',
          '$.list',
          '3',
          '.n',
          '0',
        ])
      : this.#pipe(1)
    const names = this.#pick(['', '', '$i := ', '$i, $e := '])
    const head = this.#action(`range ${names}${over}`)
    for (const name of names.match(/\$\w/g) ?? []) this.#variables = [...this.#variables, name]
    this.#inRange = true
    let text = head + this.#list(depth - 1)
    this.#inRange = outer
    if (this.#chance(0.3)) text += this.#action('else') + this.#list(depth - 1)
    this.#variables = before
    return text + this.#action('end')
  }

  #definition(depth: number): string {
    const before = this.#variables
    const outer = this.#inRange
    this.#variables = ['$']
    this.#inRange = false
    const name = `"t${++this.#defined}"`
    const isBlock = this.#chance(0.5)
    const argument = this.#pick(['.', '$', '.map', '1', '"x"'])
    const body = this.#list(depth - 1)
    this.#variables = before
    this.#inRange = outer
    if (isBlock) return `{{block ${name} ${argument}}}${body}{{end}}`
    // Only the top level takes definitions; elsewhere it is an error worth comparing.
    return `{{define ${name}}}${body}{{end}}{{template ${name}${this.#chance(0.7) ? ` ${argument}` : ''}}}`
  }

  #pipe(depth: number): string {
    let text = this.#command(depth)
    while (this.#chance(0.2)) text += ` | ${this.#call(depth - 1)}`
    return text
  }

  #command(depth: number): string {
    return depth > 0 && this.#chance(0.6) ? this.#call(depth) : this.#operand(depth)
  }

  #call(depth: number): string {
    const word = this.#pick(words)
    if (word === 'printf') return `printf "${this.#format()}" ${this.#operands(depth, 3)}`
    return `${word} ${this.#operands(depth, word === 'len' || word === 'not' ? 1 : 3)}`
  }

  #operands(depth: number, most: number): string {
    const count = this.#chance(0.9)
      ? 1 + Math.floor(this.#random() * most)
      : Math.floor(this.#random() * 4)
    return Array.from({ length: count }, () => this.#operand(depth - 1)).join(' ')
  }

  #operand(depth: number): string {
    const roll = this.#random()
    if (depth > 0 && roll < 0.2) {
      const inner = `(${this.#pipe(depth - 1)})`
      return this.#chance(0.15) ? `${inner}${this.#pick(['.a', '.k', '.b.c', '.x'])}` : inner
    }
    if (roll < 0.55) return this.#pick(fields)
    if (roll < 0.7)
      return this.#pick(this.#variables) + this.#pick(['', '', '', '.s', '.map', '.list'])
    return this.#chance(0.02) ? this.#pick(bad) : this.#pick(literals)
  }

  #format(): string {
    const count = 1 + Math.floor(this.#random() * 2)
    return Array.from({ length: count }, () => `%${this.#pick(flags)}${this.#pick(verbs)}`).join(
      this.#pick(['', ' ', 'x']),
    )
  }

  /** A character taken away, doubled or put in. */
  #broken(text: string): string {
    const at = Math.floor(this.#random() * text.length)
    const roll = this.#random()
    if (roll < 0.4) return text.slice(0, at) + text.slice(at + 1)
    if (roll < 0.6) return text.slice(0, at) + text.slice(at, at + 1) + text.slice(at)
    return (
      text.slice(0, at) +
      this.#pick([
        '{{',
        '}}',
        '"',
        '`',
        '(',
        ')',
        '|',
        '$',
        '.',
        ' ',
        '-',
        ':=',
        '/*',
        'end',
        'é',
        '\n',
      ]) +
      text.slice(at)
    )
  }
}
