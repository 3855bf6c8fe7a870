/** How Vault Agent's loader reads booleans, numbers and durations. Source: hashicorp/hcl v1, and parseutil of go-secure-stdlib. */
import { parseDuration } from '../../core/duration.ts'
import { JsonNumber, type JsonValue } from '../../core/json.ts'

/** Go's strconv.ParseBool; the empty text is false. */
const truth = new Map<string, boolean>([
  ...['1', 't', 'T', 'true', 'TRUE', 'True'].map((text) => [text, true] as const),
  ...['', '0', 'f', 'F', 'false', 'FALSE', 'False'].map((text) => [text, false] as const),
])

const wholeText = /^([-+]?)(?:0[xX]([\da-fA-F]+)|0[oO]?([0-7]+)|(\d+))$/

/** A boolean, or what Go takes for one as text or number. */
export function parseFlag(value: JsonValue): boolean | undefined {
  if (typeof value === 'boolean') return value
  const text = value instanceof JsonNumber ? value.text : value
  return typeof text === 'string' ? truth.get(text) : undefined
}

/** A whole number or the text of one, with a leading zero octal and with 0x hexadecimal, of at most 53 bits. */
export function parseWhole(value: JsonValue): number | undefined {
  const text = value instanceof JsonNumber ? value.text : value
  const [whole, sign, hex, octal, decimal] =
    typeof text === 'string' ? (wholeText.exec(text) ?? []) : []
  if (whole === undefined) return undefined
  const base = hex === undefined ? (octal === undefined ? 10 : 8) : 16
  const size = Number.parseInt(hex ?? octal ?? decimal ?? '', base)
  if (!Number.isSafeInteger(size)) return undefined
  return sign === '-' && size !== 0 ? -size : size
}

/** Milliseconds of a Go duration or of a number of seconds; a negative one counts as none. */
export function parseMilliseconds(value: JsonValue): number | undefined {
  if (value instanceof JsonNumber) {
    const seconds = parseWhole(value) ?? Number(value.text)
    return Number.isFinite(seconds) ? Math.max(0, seconds * 1000) : undefined
  }
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  if (text === '') return 0
  const parsed = parseDuration(text.replace(/^[-+]/, ''), '')
  if (parsed.kind === 'issues') return undefined
  return text.startsWith('-') ? 0 : parsed.value
}

/** Mode bits of octal text such as `0640`, or of a number, where HCL's `0640` is octal too and JSON has only decimals. */
export function parseMode(value: JsonValue): number | undefined {
  const mode =
    typeof value === 'string' && /^[0-7]+$/.test(value)
      ? Number.parseInt(value, 8)
      : value instanceof JsonNumber
        ? parseWhole(value)
        : undefined
  return mode !== undefined && mode >= 0 && mode <= 0o7777 ? mode : undefined
}
