/** The Static Analysis Results Interchange Format, for code scanning. Source: OASIS, SARIF 2.1.0. */
import { isAbsolute, relative, sep } from 'node:path'
import { version } from '../../core/version.ts'
import type { Finding } from '../manifests/finding.ts'
import { standardInput } from '../manifests/sources.ts'
import { findRule } from '../rules.ts'
import type { Report } from './report.ts'

/** One run; its rules are those that the findings name. Files are named relative to the working directory. */
export function formatSarif({ findings, directory }: Report): string {
  const codes = [...new Set(findings.map(({ code }) => code))].toSorted()
  const log = {
    $schema:
      'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'claviger', version, rules: codes.map(describeRule) } },
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => describeResult(finding, codes, directory)),
      },
    ],
  }
  return `${JSON.stringify(log, null, 2)}\n`
}

function describeRule(id: string) {
  const { summary, help } = findRule(id) ?? { summary: id, help: 'See the message.' }
  return { id, shortDescription: { text: summary }, help: { text: help } }
}

function describeResult(finding: Finding, codes: readonly string[], directory: string) {
  const { code, severity, file, line, column, object, path, message } = finding
  const fullyQualifiedName = path === '' ? object : `${object} ${path}`
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: severity,
    message: { text: `${object}: ${message}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: formatUri(file, directory) },
          region: { startLine: line, startColumn: column },
        },
        logicalLocations: [{ fullyQualifiedName, kind: 'object' }],
      },
    ],
  }
}

function formatUri(file: string, directory: string): string {
  if (file === standardInput) return 'stdin'
  const path = isAbsolute(file) ? relative(directory, file) : file
  return path
    .replace(/^\.[\\/]/, '')
    .split(sep)
    .map(encodeURIComponent)
    .join('/')
}
