/** What `claviger doctor` prints. */
import { areas, type CheckId, checkIds, checks } from './checks.ts'
import type { Result } from './result.ts'

export interface Totals {
  readonly problems: number
  readonly warnings: number
  readonly passed: number
  readonly skipped: number
}

export function countResults(results: readonly Result[]): Totals {
  const failures = results.filter(({ kind }) => kind === 'failed')
  const problems = failures.filter(({ check }) => checks[check].severity === 'problem').length
  return {
    problems,
    warnings: failures.length - problems,
    passed: results.filter(({ kind }) => kind === 'passed').length,
    skipped: results.filter(({ kind }) => kind === 'skipped').length,
  }
}

interface Look {
  readonly sign: string
  /** Source: ECMA-48, SGR. */
  readonly colour: number
}

const looks = {
  passed: { sign: '✓', colour: 32 },
  warning: { sign: '!', colour: 33 },
  problem: { sign: '✗', colour: 31 },
  skipped: { sign: '?', colour: 36 },
} as const satisfies Record<string, Look>

/** By area, in the order of the table; each finding with what mends it. */
export function formatText(
  results: readonly Result[],
  { colours }: { readonly colours: boolean },
): string {
  const paint = ({ sign, colour }: Look) => (colours ? `\u001b[${colour}m${sign}\u001b[m` : sign)
  const blocks = areas.flatMap((area) => {
    const own = sortResults(results.filter(({ check }) => checks[check].area === area))
    if (own.length === 0) return []
    return [[area, ...own.flatMap((result) => describe(result, paint))].join('\n')]
  })
  const { problems, warnings, passed, skipped } = countResults(results)
  const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`
  const total = `${count(problems, 'problem')}, ${count(warnings, 'warning')}, ${count(passed, 'check')} passed, ${skipped} not examined`
  return `${[...blocks, total].join('\n\n')}\n`
}

/** One object; fields may be added. */
export function formatJson(results: readonly Result[]): string {
  const listed = sortResults(results).map((result) => {
    const { area, severity, fails, fix } = checks[result.check]
    const failure = result.kind === 'failed' ? { severity, summary: fails, fix } : {}
    return { area, ...result, ...failure }
  })
  return `${JSON.stringify({ ...countResults(results), results: listed }, null, 2)}\n`
}

function sortResults(results: readonly Result[]): readonly Result[] {
  const place = (check: CheckId) => checkIds.indexOf(check)
  return results.toSorted((left, right) => place(left.check) - place(right.check))
}

function describe(result: Result, paint: (look: Look) => string): readonly string[] {
  const { passes, fails, fix, severity } = checks[result.check]
  if (result.kind === 'passed') {
    const detail = result.detail === undefined ? '' : ` (${result.detail})`
    return [`  ${paint(looks.passed)} ${passes}${detail}`]
  }
  if (result.kind === 'skipped') {
    return [`  ${paint(looks.skipped)} not examined: whether ${passes}`, `      ${result.reason}`]
  }
  const { check, subject, detail, command } = result
  return [
    `  ${paint(looks[severity])} ${subject}: ${fails}${detail === '' ? '' : `: ${detail}`} [${check}]`,
    `      ${fix}`,
    ...(command === undefined ? [] : [`      $ ${command}`]),
  ]
}
