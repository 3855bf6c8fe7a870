import { formatFinding } from '../manifests/finding.ts'
import { countFindings, type Report } from './report.ts'

/** One line a finding and one that counts them. */
export function formatText({ findings, files }: Report): string {
  const { errors, warnings } = countFindings(findings)
  const total = [count(errors, 'problem'), count(warnings, 'warning'), `in ${count(files, 'file')}`]
  const lines = [...findings.map(formatFinding), `${total[0]}, ${total[1]} ${total[2]}`]
  return lines.map((line) => `${line}\n`).join('')
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
