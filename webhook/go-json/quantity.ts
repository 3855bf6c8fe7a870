/** What Kubernetes says of a text that is no quantity. */

const wrongFormat =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"

const suffixes = new Set([
  '',
  'n',
  'u',
  'm',
  'k',
  'M',
  'G',
  'T',
  'P',
  'E',
  'Ki',
  'Mi',
  'Gi',
  'Ti',
  'Pi',
  'Ei',
])

/** Undefined for a quantity. Source: Kubernetes, apimachinery/pkg/api/resource, ParseQuantity. */
export function describeQuantity(text: string): string | undefined {
  const trimmed = text.trim()
  const match = /^([+-]?\d*(?:\.\d*)?)([eEinumkKMGTP]+[+-]?\d*|[+-]\d*|)$/.exec(trimmed)
  if (trimmed === '' || match === null) return wrongFormat
  const [, number = '', suffix = ''] = match
  // A number of nothing but signs and zeros ends before the suffix is looked at.
  if (/^[+-]?0*$/.test(trimmed)) return undefined
  if (!suffixes.has(suffix) && !/^[eE][+-]?\d+$/.test(suffix))
    return "unable to parse quantity's suffix"
  return number !== '' && !/\d/.test(number) && number.includes('.')
    ? 'unable to parse numeric part of quantity'
    : undefined
}
