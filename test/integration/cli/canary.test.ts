/** The command line's part of test/integration/canary.test.ts: markers in what it is given, none in what it says. */
import { spawnSync } from 'node:child_process'
import { describe, expect, test } from '@jest/globals'
import { canary, expectClean } from '../../support/canary.ts'

const { value, token, body } = canary

describe('the command line', () => {
  const run = (words: readonly string[], input: string) => {
    const program = ['dist/claviger.cjs', ...words]
    return spawnSync(process.execPath, program, { input, encoding: 'utf8', env: {} })
  }
  const prefix = 'vault.hashicorp.com'
  const annotations = {
    [`${prefix}/agent-inject`]: 'true',
    [`${prefix}/role`]: value,
    'claviger.dev/role': token,
    [`${prefix}/service`]: `https://user:${value}@vault`,
    [`${prefix}/auth-path`]: `${value}?`,
    [`${prefix}/agent-inject-file-x`]: `/../${value}`,
    [`${prefix}/agent-inject-template-x`]: `{{ "${value}" | nosuch \`${token}\` }}`,
    [`${prefix}/agent-inject-template-y`]: `{{ with "${value} }}`,
    [`${prefix}/agent-inject-template-z`]: `{{ 'a${value}' }}`,
    [`${prefix}/agent-inject-template-w`]: `{{ end "${value}" "${token}`,
    [`${prefix}/agent-inject-template-v`]: `{{ (1).a "${value}" }} ${token} {{ 12${value} }}`,
    [`${prefix}/agent-limits-cpus`]: value,
  }
  const containers = [{ name: 'app', env: [{ name: 'LEGACY', value }], args: [token] }]
  const pod = JSON.stringify({
    kind: 'Pod',
    metadata: { name: 'p', annotations },
    spec: { containers },
  })
  const broken = `a: "${value}\n---\nb: [${token}\n---\n- ${body}: : {`

  test.each([
    ['inject', pod],
    ['validate', pod],
    ['validate --output=json', pod],
    ['validate --output=sarif', pod],
    ['validate', broken],
    ['validate --output=sarif', broken],
    ['inject --diff', broken],
    ['inject', `{"kind":"Pod","${value}`],
  ])('%s repeats no value of what is wrong', (words, text) => {
    const { status, stdout, stderr } = run(words.split(' '), text)
    expect([1, 65]).toContain(status)
    expectClean(stdout + stderr)
  })

  test('convert tells what it loses by name alone', () => {
    const variables = { AGENT_INJECT_NO_SUCH: value, AGENT_INJECT_CPU_LIMIT: token, 'ä.b': body }
    const values = {
      global: { externalVaultAddr: value },
      injector: { extraEnvironmentVars: variables, replicas: token },
    }
    expectClean(run(['convert', '-'], JSON.stringify(values)).stderr)
    const words = [`AGENT_INJECT_CPU_LIMIT=${token}`, `-no-such=${value}`, body]
    const { status, stderr } = run(['convert', '--strict', '--', 'agent-inject', ...words], '')
    expect(status).toBe(65)
    expectClean(stderr)
  })

  test.each([
    [['inject', `--vault-address=${value}`, `--vault-auth-path=${token}?`]],
    [['inject', `--kind=${value}`]],
  ])('a wrong flag is not repeated: %#', (words) => {
    const { status, stderr } = run(words, '')
    expect(status).toBe(64)
    expectClean(stderr)
  })
})
