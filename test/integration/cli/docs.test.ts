/** docs/cli.md: its examples are run, and its tables of codes and checks are those of the code. UPDATE_GOLDEN=1 writes both. */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { checks } from '../../../cli/doctor/checks.ts'
import { rules } from '../../../cli/rules.ts'
import { verbs } from '../../../cli/verbs.ts'

const path = 'docs/cli.md'
const page = readFileSync(path, 'utf8')
const update = process.env['UPDATE_GOLDEN'] === '1' && process.env['CI'] === undefined

/** What a command prints on both outputs, in a shell that knows `claviger`. */
function run(command: string): string {
  const script = `claviger() { "$NODE" dist/claviger.cjs "$@"; }\n{ ${command}\n} 2>&1`
  const env = { PATH: process.env['PATH'], NODE: process.execPath }
  return execFileSync('bash', ['--norc', '-c', script], { env, encoding: 'utf8', input: '' })
}

function runSafely(command: string): string {
  return run(`${command} || true`)
}

/** The block with what its commands print now. */
function renew(block: string): string {
  const commands = block.split('\n').filter((line) => line.startsWith('$ '))
  return commands.map((line) => `${line}\n${runSafely(line.slice(2))}`).join('')
}

function renewCodes(text: string): string {
  const head = '| code | what is wrong | how to mend it |\n|---|---|---|\n'
  const rows = Object.entries(rules).map(
    ([code, { summary, help }]) => `| \`${code}\` | ${summary} | ${help} |\n`,
  )
  return text.replace(/\| code \|.*\n\|---.*\n(?:\|.*\n)*/, () => head + rows.join(''))
}

/** What `claviger doctor` examines. */
function renewChecks(text: string): string {
  const head =
    '| area | check | what is wrong | severity | how to mend it |\n|---|---|---|---|---|\n'
  const rows = Object.entries(checks).map(
    ([id, { area, fails, severity, fix }]) =>
      `| ${area} | \`${id}\` | ${fails} | ${severity} | ${fix} |\n`,
  )
  return text.replace(/\| area \|.*\n\|---.*\n(?:\|.*\n)*/, () => head + rows.join(''))
}

describe('docs/cli.md', () => {
  const blocks = [...page.matchAll(/^```console\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block)

  test('has examples of every verb that is not described elsewhere', () => {
    const named = [...verbs.keys()].filter(
      (name) => !['template', 'dev', 'completion'].includes(name),
    )
    for (const name of named) expect(blocks.join('')).toContain(`$ claviger ${name} `)
    for (const name of verbs.keys()) expect(page).toContain(`claviger ${name}`)
  })

  test('shows what its examples print, every code and every check', () => {
    const shown = page.replace(
      /^```console\n([\s\S]*?)^```$/gm,
      (_, block: string) => `\`\`\`console\n${renew(block)}\`\`\``,
    )
    const renewed = renewChecks(renewCodes(shown))
    if (update) writeFileSync(path, renewed)
    expect(readFileSync(path, 'utf8')).toBe(renewed)
  })
})
