/** The level and format that a user asked for. */
import type { Issue, Parsed } from './issue.ts'
import { type LogFormat, type LogLevel, logFormats, logLevels } from './log.ts'

export interface LogChoice {
  readonly level: LogLevel
  readonly format: LogFormat
}

/** Absent or empty texts mean `info` and `standard`; case does not matter. */
export function parseLogChoice(
  level: string | undefined,
  format: string | undefined,
): Parsed<LogChoice> {
  const issues: Issue[] = []
  const choose = <T extends string>(
    known: readonly T[],
    text: string | undefined,
    path: string,
    standard: T,
  ): T => {
    if (text === undefined || text === '') return standard
    const found = known.find((name) => name === text.toLowerCase())
    if (found === undefined) {
      issues.push({
        code: 'flag',
        path,
        expected: `one of ${known.join(', ')}`,
        got: text.slice(0, 20),
      })
    }
    return found ?? standard
  }
  const value = {
    level: choose(logLevels, level, 'log-level', 'info'),
    format: choose(logFormats, format, 'log-format', 'standard'),
  }
  return issues.length === 0 ? { kind: 'ok', value } : { kind: 'issues', issues }
}
