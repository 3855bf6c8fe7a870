import { countFindings, type Report } from './report.ts'

/** One object; `findings` are as in cli/manifests/finding.ts. Fields may be added. */
export function formatJson({ findings, files }: Report): string {
  const { errors, warnings } = countFindings(findings)
  return `${JSON.stringify({ files, errors, warnings, findings }, null, 2)}\n`
}
