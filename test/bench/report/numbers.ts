/** Figures as text. */

/** Three significant digits; whole from 100 on, with commas. */
export function formatNumber(value: number): string {
  const size = Math.abs(value)
  if (size >= 99.95) return value.toLocaleString('en-US', { maximumFractionDigits: 0 })
  if (size < 0.0005) return '0'
  return String(Number(value.toPrecision(size < 0.01 ? 1 : size < 0.1 ? 2 : 3)))
}

/** `12.3 (11.8–14)`; the median alone where there was but one measurement, or all were the same. */
export function formatFigure(figure: {
  readonly min: number
  readonly median: number
  readonly max: number
}): string {
  const [median, min, max] = [figure.median, figure.min, figure.max].map(formatNumber)
  return min === max ? `${median}` : `${median} (${min}–${max})`
}
