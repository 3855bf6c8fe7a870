import { describe, expect, test } from '@jest/globals'
import type { Finding } from '../../../cli/manifests/finding.ts'
import { formatJson } from '../../../cli/report/json.ts'
import { formatSarif } from '../../../cli/report/sarif.ts'
import { formatText } from '../../../cli/report/text.ts'
import { rules } from '../../../cli/rules.ts'

const finding: Finding = {
  severity: 'error',
  code: 'annotation_value',
  file: 'k8s/web app.yaml',
  line: 12,
  column: 5,
  object: 'Deployment/web',
  path: 'claviger.dev/role',
  expected: 'the name of a role',
  hint: 'write one',
  message: 'claviger.dev/role: expected the name of a role (write one)',
}
const warning: Finding = {
  severity: 'warning',
  code: 'admission_warning',
  file: '/srv/repo/b.yaml',
  line: 1,
  column: 1,
  object: 'Pod/p',
  path: '',
  message: 'no secret is declared',
}
const report = { findings: [finding, warning], files: 2, directory: '/srv/repo' }

test('text has one line a finding and counts them', () => {
  expect(formatText(report)).toBe(
    `k8s/web app.yaml:12:5: error: Deployment/web: claviger.dev/role: expected the name of a role (write one) [annotation_value]
/srv/repo/b.yaml:1:1: warning: Pod/p: no secret is declared [admission_warning]
1 problem, 1 warning in 2 files
`,
  )
  expect(formatText({ findings: [], files: 1, directory: '/' })).toBe(
    '0 problems, 0 warnings in 1 file\n',
  )
})

test('JSON has the findings as they are', () => {
  expect(JSON.parse(formatJson(report))).toEqual({
    files: 2,
    errors: 1,
    warnings: 1,
    findings: [finding, warning],
  })
})

describe('SARIF 2.1.0', () => {
  const log = JSON.parse(formatSarif(report))
  const [run] = log.runs

  test('names version, schema and tool', () => {
    expect(log.version).toBe('2.1.0')
    expect(log.$schema).toMatch(/^https:\/\/.*sarif-schema-2\.1\.0\.json$/)
    expect(log.runs).toHaveLength(1)
    expect(run.tool.driver).toMatchObject({ name: 'claviger', version: expect.any(String) })
  })

  test('describes each rule once', () => {
    expect(run.tool.driver.rules).toEqual(
      ['admission_warning', 'annotation_value'].map((id) => {
        const { summary, help } = Object(Reflect.get(rules, id))
        return { id, shortDescription: { text: summary }, help: { text: help } }
      }),
    )
  })

  test('places each result', () => {
    expect(run.results).toMatchObject([
      {
        ruleId: 'annotation_value',
        ruleIndex: 1,
        level: 'error',
        message: { text: `Deployment/web: ${finding.message}` },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'k8s/web%20app.yaml' },
              region: { startLine: 12, startColumn: 5 },
            },
            logicalLocations: [{ fullyQualifiedName: 'Deployment/web claviger.dev/role' }],
          },
        ],
      },
      { ruleId: 'admission_warning', ruleIndex: 0, level: 'warning' },
    ])
    for (const { ruleId, ruleIndex } of run.results) {
      expect(run.tool.driver.rules[ruleIndex].id).toBe(ruleId)
    }
  })

  test.each([
    ['/srv/repo/b.yaml', 'b.yaml'],
    ['./k8s/a.yaml', 'k8s/a.yaml'],
    ['<stdin>', 'stdin'],
    ['k8s/ä.yaml', 'k8s/%C3%A4.yaml'],
  ])('names %s by the relative URI %s', (file, uri) => {
    const { runs } = JSON.parse(formatSarif({ ...report, findings: [{ ...finding, file }] }))
    expect(runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri).toBe(uri)
  })

  test('without findings is a run without results', () => {
    const { runs } = JSON.parse(formatSarif({ ...report, findings: [] }))
    expect(runs[0]).toMatchObject({ results: [], tool: { driver: { rules: [] } } })
  })
})
