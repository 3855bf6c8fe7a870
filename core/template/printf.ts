/** printf's format language. Source: Go's fmt/print.go, doPrintf. */
import { decodeRune } from './byte-string.ts'
import { type FormatSpec, plainSpec } from './format-spec.ts'
import { printArgument } from './printer.ts'
import { typeOf, unbox, type Value } from './values.ts'

/** Larger widths, precisions and argument indexes are errors in the text. */
const numberLimit = 1_000_000

/** Source: fmt.Sprintf; mistakes in the format become text such as `%!d(MISSING)`. */
export function sprintf(
  format: string,
  values: readonly Value[],
  print: ArgumentPrinter = printArgument,
): string {
  return new FormatReader(format, values, print).read()
}

/** How one argument is written under its verb. */
type ArgumentPrinter = (value: Value, verb: string, spec: FormatSpec) => string

type MutableSpec = { -readonly [Field in keyof FormatSpec]: FormatSpec[Field] }

const flags = new Map<string, 'sharp' | 'zero' | 'plus' | 'minus' | 'space'>([
  ['#', 'sharp'],
  ['0', 'zero'],
  ['+', 'plus'],
  ['-', 'minus'],
  [' ', 'space'],
])

class FormatReader {
  readonly #format: string
  readonly #values: readonly Value[]
  readonly #print: ArgumentPrinter
  #at = 0
  #argument = 0
  #reordered = false
  #goodIndex = true
  /** True directly behind an index such as `[3]`. */
  #afterIndex = false

  constructor(format: string, values: readonly Value[], print: ArgumentPrinter) {
    this.#print = print
    this.#format = format
    this.#values = values
  }

  read(): string {
    let text = ''
    while (this.#at < this.#format.length) {
      const percent = this.#format.indexOf('%', this.#at)
      if (percent < 0) {
        text += this.#format.slice(this.#at)
        break
      }
      text += this.#format.slice(this.#at, percent)
      this.#at = percent + 1
      text += this.#readDirective()
    }
    return text + this.#extraArguments()
  }

  #readDirective(): string {
    this.#goodIndex = true
    this.#afterIndex = false
    const spec: MutableSpec = { ...plainSpec }
    this.#readFlags(spec)
    this.#readIndex()
    const complaints = this.#readWidth(spec) + this.#readPrecision(spec)
    if (!this.#afterIndex) this.#readIndex()
    return complaints + this.#readVerb(spec)
  }

  #readFlags(spec: MutableSpec): void {
    for (;;) {
      const flag = flags.get(this.#format[this.#at] ?? '')
      if (flag === undefined) return
      spec[flag] = true
      this.#at++
    }
  }

  #readWidth(spec: MutableSpec): string {
    if (this.#format[this.#at] !== '*') {
      spec.width = this.#readNumber()
      if (this.#afterIndex && spec.width !== undefined) this.#goodIndex = false
      return ''
    }
    this.#at++
    this.#afterIndex = false
    const width = this.#takeInteger()
    if (width === undefined) return '%!(BADWIDTH)'
    spec.width = Math.abs(width)
    if (width < 0) {
      spec.minus = true
      spec.zero = false
    }
    return ''
  }

  #readPrecision(spec: MutableSpec): string {
    if (this.#format[this.#at] !== '.' || this.#at + 1 >= this.#format.length) return ''
    this.#at++
    if (this.#afterIndex) this.#goodIndex = false
    this.#readIndex()
    if (this.#format[this.#at] !== '*') {
      spec.precision = this.#readNumber() ?? 0
      return ''
    }
    this.#at++
    this.#afterIndex = false
    const precision = this.#takeInteger()
    if (precision === undefined || precision < 0) return '%!(BADPREC)'
    spec.precision = precision
    return ''
  }

  #readVerb(spec: MutableSpec): string {
    if (this.#at >= this.#format.length) return '%!(NOVERB)'
    const { size } = decodeRune(this.#format, this.#at)
    const verb = this.#format.slice(this.#at, this.#at + size)
    this.#at += size
    if (verb === '%') return '%'
    if (!this.#goodIndex) return `%!${verb}(BADINDEX)`
    if (this.#argument >= this.#values.length) return `%!${verb}(MISSING)`
    const value = this.#values[this.#argument++]
    if (verb !== 'v' && verb !== 'w') return this.#print(value, verb, spec)
    const { sharp, plus } = spec
    return this.#print(value, verb, {
      ...spec,
      sharp: false,
      plus: false,
      sharpV: sharp,
      plusV: plus,
    })
  }

  /** A decimal number; undefined where there is none. One beyond the limit swallows the rest of the format. */
  #readNumber(): number | undefined {
    const [digits = ''] = /^[0-9]*/.exec(this.#format.slice(this.#at, this.#at + 9)) ?? []
    if (digits === '') return undefined
    if (isOverLimit(digits)) {
      this.#at = this.#format.length
      return undefined
    }
    this.#at += digits.length
    return Number(digits)
  }

  #readIndex(): void {
    this.#afterIndex = false
    if (this.#format[this.#at] !== '[') return
    this.#reordered = true
    const close = this.#format.indexOf(']', this.#at)
    if (close < 0) {
      this.#goodIndex = false
      this.#at++
      return
    }
    const digits = this.#format.slice(this.#at + 1, close)
    this.#at = close + 1
    const isNumber = /^[0-9]+$/.test(digits) && !isOverLimit(digits)
    const index = Number(digits) - 1
    this.#afterIndex = isNumber
    if (isNumber && index >= 0 && index < this.#values.length) this.#argument = index
    else this.#goodIndex = false
  }

  /** The next argument as a width or precision; undefined where it is none. */
  #takeInteger(): number | undefined {
    if (this.#argument >= this.#values.length) return undefined
    const value = unbox(this.#values[this.#argument++])
    if (typeof value !== 'object' || (value.kind !== 'int' && value.kind !== 'uint'))
      return undefined
    const number = Number(value.value)
    return Math.abs(number) > numberLimit ? undefined : number
  }

  #extraArguments(): string {
    if (this.#reordered || this.#argument >= this.#values.length) return ''
    const extra = this.#values.slice(this.#argument).map((given) => {
      const value = unbox(given)
      if (value === undefined) return '<nil>'
      return `${typeOf(value)}=${printArgument(value, 'v', plainSpec)}`
    })
    return `%!(EXTRA ${extra.join(', ')})`
  }
}

/** Go stops at a digit read after the number so far exceeded the limit. */
function isOverLimit(digits: string): boolean {
  return digits.length > 1 && Number(digits.slice(0, -1)) > numberLimit
}
