/** Kubernetes resource quantities. */

const pattern = /^\+?(\d+(?:\.\d*)?|\.\d+)(?:([EPTGMK]i|[numkMGTPE])|[eE]([+-]?\d{1,2}))?$/

const suffixes = new Map([
  ['n', 1e-9],
  ['u', 1e-6],
  ['m', 1e-3],
  ['k', 1e3],
  ['M', 1e6],
  ['G', 1e9],
  ['T', 1e12],
  ['P', 1e15],
  ['E', 1e18],
  ['Ki', 2 ** 10],
  ['Mi', 2 ** 20],
  ['Gi', 2 ** 30],
  ['Ti', 2 ** 40],
  ['Pi', 2 ** 50],
  ['Ei', 2 ** 60],
])

/**
 * The number a quantity such as `250m`, `64Mi` or `1e3` stands for, good for comparing; undefined when it is none or negative.
 * Source: Kubernetes, apimachinery/pkg/api/resource, the grammar of Quantity.
 */
export function parseQuantity(text: string): number | undefined {
  const match = pattern.exec(text)
  if (match === null) return undefined
  const [, digits, suffix, exponent] = match
  const scale =
    suffix === undefined ? 10 ** Number(exponent ?? 0) : (suffixes.get(suffix) ?? Number.NaN)
  return Number(digits) * scale
}
