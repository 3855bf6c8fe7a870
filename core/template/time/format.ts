/** Times as text after a layout. Source: Go's time/format.go. */
import { dayOfYear, type Instant, wallClock, type Zone } from './instant.ts'
import { monthNames, splitLayout, weekdayNames } from './layout.ts'

/** What is no element of the layout stays as it is. */
export function formatTime(instant: Instant, layout: string): string {
  const date = wallClock(instant)
  return splitLayout(layout)
    .map(({ kind, text }) => (kind === 'text' ? text : formatElement(text, date, instant)))
    .join('')
}

function formatElement(element: string, date: Date, { nanoseconds, zone }: Instant): string {
  if (/^[.,]/.test(element)) return formatFraction(nanoseconds, element)
  if (/^[-Z]/.test(element)) return formatOffset(zone, element)
  if (element === 'MST') return zone.name === '' ? formatOffset(zone, '-0700') : zone.name
  return parts.get(element)?.(date) ?? element
}

/** Zeros keep their number of digits, nines drop zeros at the end. */
function formatFraction(nanoseconds: number, element: string): string {
  const places = element.length - 1
  const digits = String(nanoseconds).padStart(9, '0').padEnd(places, '0').slice(0, places)
  if (element[1] === '0') return element.slice(0, 1) + digits
  const trimmed = digits.replace(/0+$/, '')
  return trimmed === '' ? '' : element.slice(0, 1) + trimmed
}

/** `-07:00` and the like; `Z` forms write `Z` for UTC. */
function formatOffset({ offset }: Zone, element: string): string {
  if (element.startsWith('Z') && offset === 0) return 'Z'
  const magnitude = Math.abs(offset)
  const pieces = [
    Math.floor(magnitude / 3600),
    Math.floor((magnitude % 3600) / 60),
    magnitude % 60,
  ].map(two)
  const separator = element.includes(':') ? ':' : ''
  const digits = element.replace(/[^0-9]/g, '').length
  const shown = pieces.slice(0, digits / 2).join(separator)
  return (offset < 0 ? '-' : '+') + shown
}

const monthName = (date: Date) => monthNames[date.getUTCMonth()] ?? ''
const weekdayName = (date: Date) => weekdayNames[date.getUTCDay()] ?? ''
const twelveHour = (date: Date) => date.getUTCHours() % 12 || 12
const two = (value: number) => String(value).padStart(2, '0')
const yearText = (year: number) =>
  year < 0 ? `-${String(-year).padStart(4, '0')}` : String(year).padStart(4, '0')

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
  ['06', (date) => two(Math.abs(date.getUTCFullYear()) % 100)],
  ['2006', (date) => yearText(date.getUTCFullYear())],
  ['PM', (date) => (date.getUTCHours() < 12 ? 'AM' : 'PM')],
  ['pm', (date) => (date.getUTCHours() < 12 ? 'am' : 'pm')],
])
