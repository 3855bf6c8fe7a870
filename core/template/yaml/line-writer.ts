/** Text with the knowledge of where in a line it ends, which decides spaces and breaks. Source: libyaml's emitter. */

export interface Indicator {
  /** A space goes before it unless one is there. */
  readonly spaced?: boolean
  /** What follows counts as if it began its line: `- ` and `? `. */
  readonly indents?: boolean
  /** What follows needs no space: `[`. */
  readonly opens?: boolean
}

export class LineWriter {
  text = ''
  #column = 0
  #endsInSpace = true
  #isIndentation = true

  /** True while nothing but space and indicators stand in the line. */
  get isIndentation(): boolean {
    return this.#isIndentation
  }

  /** Characters in the line so far. */
  get column(): number {
    return this.#column
  }

  /** Characters of a scalar; `runes` counts them. */
  write(bytes: string, runes: number): void {
    this.text += bytes
    this.#column += runes
    this.#endsInSpace = false
    this.#isIndentation = false
  }

  /** A line break of a scalar's own. */
  breakLine(bytes: string): void {
    this.text += bytes
    this.#column = 0
    this.#endsInSpace = true
    this.#isIndentation = true
  }

  /** Begins a new line, if this one has anything, and fills it up to `indent`. */
  indent(indent: number): void {
    const isFresh = this.#isIndentation && this.#column <= indent
    if (!isFresh || (this.#column === indent && !this.#endsInSpace)) this.breakLine('\n')
    this.text += ' '.repeat(Math.max(indent - this.#column, 0))
    this.#column = Math.max(indent, this.#column)
    this.#endsInSpace = true
    this.#isIndentation = true
  }

  indicate(sign: string, { spaced = false, indents = false, opens = false }: Indicator = {}): void {
    if (spaced && !this.#endsInSpace) {
      this.text += ' '
      this.#column++
    }
    this.text += sign
    this.#column += sign.length
    this.#endsInSpace = opens
    this.#isIndentation &&= indents
  }
}
