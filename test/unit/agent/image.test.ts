/** What Dockerfile.agent says twice, and what must not slip out of it. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { agentScripts } from '../../../scripts/agent-scripts.ts'
import { programs } from '../../../scripts/programs.ts'
import { waiterSource } from '../../../scripts/waiter-program.ts'
import { agentDirectories } from '../../../webhook/inject/kinds/path-kinds.ts'

const dockerfile = readFileSync('Dockerfile.agent', 'utf8')
const [entrypoint = '[]', ...others] = Array.from(
  dockerfile.matchAll(/^ENTRYPOINT (\[.*\])$/gm),
  ([, found = '']) => found,
)
const [, script = ''] = /'exec (.*) "\$@"'/.exec(dockerfile) ?? []
const words: readonly string[] = JSON.parse(entrypoint)

test('every target starts it alike', () => {
  expect(others).toEqual([entrypoint])
})

test('the script called vault starts the agent as the entrypoint does', () => {
  expect(script.split(' ')).toEqual(words)
})

test('the waiter starts the same where it is told of no program', () => {
  const source = readFileSync(waiterSource, 'utf8')
  const [, table = ''] = /standard\[\] = \{([^}]*)\}/.exec(source) ?? []
  expect(['/claviger/waiter', ...JSON.parse(`[${table}]`)]).toEqual(words)
})

test('the waiter starts it, and looks for its status beside its state', () => {
  expect(words.slice(0, 2)).toEqual(['/claviger/waiter', '/usr/local/bin/node'])
  const targets = Array.from(dockerfile.matchAll(/CLAVIGER_STATUS_FILE=(\S+)/g), ([, path]) => path)
  expect(targets).toEqual(Array(2).fill(`${agentDirectories.state}/status`))
})

test('no signal opens the inspector, and Node knows every flag', () => {
  const flags = words.filter((word) => word.startsWith('--'))
  expect(flags).toContain('--disable-sigusr1')
  expect(execFileSync(process.execPath, [...flags, '--print', '1 + 1']).toString()).toBe('2\n')
})

test('a build without --target gives the image without a shell', () => {
  const stages = dockerfile.split(/^FROM /m).slice(1)
  const named = (name: string) =>
    stages.find((stage) => stage.split('\n')[0]?.endsWith(` AS ${name}`))
  expect(stages.at(-1)).toBe(named('agent'))
  expect(named('agent')).not.toMatch(/busybox|from=shell|names\/(bin|local|home)/)
  expect(named('vault-compatible')).toMatch(/from=shell/)
})

test('its list of contents is made of those of all scripts, and of what they load', () => {
  const [, list = ''] = /image-files\.ts \/files (\S+)/.exec(dockerfile) ?? []
  const loaded = programs.filter(({ isApart, entry }) => isApart === true && /^core\//.test(entry))
  const names = [...agentScripts, ...loaded].map(({ name }) => `${name}.sbom.json`)
  expect(list.split(',').toSorted()).toEqual(names.toSorted())
})
