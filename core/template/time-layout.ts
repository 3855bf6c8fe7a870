/** Times in UTC written after an example, as Go's time.Format does: `2006-01-02T15:04:05Z07:00`. */

const elements =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|002|0[1-6]|15|1|2006|__2|_2(?!006)|2|3|4|5|PM|pm|[-Z](?:07:00:00|070000|07:00|0700|07)|[.,](?:0+|9+)(?![0-9])/g

const months =
  'January February March April May June July August September October November December'
const weekdays = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'
const dayMs = 86_400_000

/** `time` in milliseconds since the epoch. What is no element of the layout stays as it is. */
export function formatTime(time: number, layout: string): string {
  const date = new Date(time)
  return layout.replace(elements, (element) => formatElement(date, element))
}

function formatElement(date: Date, element: string): string {
  if (element.startsWith('Z')) return 'Z'
  if (element.startsWith('-')) return element.replace('-', '+').replace('7', '0')
  if (/^[.,]/.test(element)) return formatFraction(date, element)
  return parts.get(element)?.(date) ?? element
}

/** Zeros keep their number of digits, nines drop zeros at the end. */
function formatFraction(date: Date, element: string): string {
  const digits = String(date.getUTCMilliseconds())
    .padStart(3, '0')
    .padEnd(element.length - 1, '0')
  const kept = digits.slice(0, element.length - 1)
  if (element[1] === '0') return element.slice(0, 1) + kept
  const trimmed = kept.replace(/0+$/, '')
  return trimmed === '' ? '' : element.slice(0, 1) + trimmed
}

const monthName = (date: Date) => months.split(' ')[date.getUTCMonth()] ?? ''
const weekdayName = (date: Date) => weekdays.split(' ')[date.getUTCDay()] ?? ''
const twelveHour = (date: Date) => date.getUTCHours() % 12 || 12
const two = (value: number) => String(value).padStart(2, '0')

function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / dayMs) + 1
}

const parts = new Map<string, (date: Date) => string>([
  ['January', monthName],
  ['Jan', (date) => monthName(date).slice(0, 3)],
  ['01', (date) => two(date.getUTCMonth() + 1)],
  ['1', (date) => String(date.getUTCMonth() + 1)],
  ['Monday', weekdayName],
  ['Mon', (date) => weekdayName(date).slice(0, 3)],
  ['02', (date) => two(date.getUTCDate())],
  ['_2', (date) => String(date.getUTCDate()).padStart(2)],
  ['2', (date) => String(date.getUTCDate())],
  ['002', (date) => String(dayOfYear(date)).padStart(3, '0')],
  ['__2', (date) => String(dayOfYear(date)).padStart(3)],
  ['15', (date) => two(date.getUTCHours())],
  ['03', (date) => two(twelveHour(date))],
  ['3', (date) => String(twelveHour(date))],
  ['04', (date) => two(date.getUTCMinutes())],
  ['4', (date) => String(date.getUTCMinutes())],
  ['05', (date) => two(date.getUTCSeconds())],
  ['5', (date) => String(date.getUTCSeconds())],
  ['06', (date) => two(date.getUTCFullYear() % 100)],
  ['2006', (date) => String(date.getUTCFullYear()).padStart(4, '0')],
  ['PM', (date) => (date.getUTCHours() < 12 ? 'AM' : 'PM')],
  ['pm', (date) => (date.getUTCHours() < 12 ? 'am' : 'pm')],
  ['MST', () => 'UTC'],
])
