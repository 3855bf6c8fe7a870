/** Lists of names and values in one text, as OpenTelemetry's variables have them. */

/** `a=b,c=d%20e`, line breaks as good as commas; undefined for what is none. Source: OpenTelemetry specification, W3C Baggage without its properties. */
export function readPairs(text: string): ReadonlyMap<string, string> | undefined {
  const pairs = new Map<string, string>()
  for (const part of text.split(/[,\n]/).map((each) => each.trim())) {
    if (part === '') continue
    const at = part.indexOf('=')
    const name = decode(part.slice(0, Math.max(0, at)).trim())
    const value = decode(part.slice(at + 1).trim())
    if (!name || value === undefined) return undefined
    pairs.set(name, value)
  }
  return pairs
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
