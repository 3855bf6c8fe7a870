/** Every command of the documentation, on the real cluster, page by page from top to bottom. */
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { chartValues, helm } from './claviger.ts'
import { tryCommand } from './commands.ts'
import { paths, repository, vaultUrl } from './settings.ts'
import { type Block, readBlocks } from './support/commands-in-docs.ts'
import { applyExample, openMachine, writeSecret } from './support/machine.ts'
import { findPod, prepareNamespace, readyPod } from './support/pods.ts'

const machine = openMachine()
const pages = ['README.md', ...readdirSync(join(repository, 'docs')).map((name) => `docs/${name}`)]
  .filter((page) => page.endsWith('.md'))
  .map((page) => ({ page, blocks: readBlocks(page) }))
const runnable = pages
  .map(
    ({ page, blocks }) => [page, blocks.filter((block) => block.exemption === undefined)] as const,
  )
  .filter(([, blocks]) => blocks.length > 0)

/** Why a block may go without: everything else is run. */
const exemptions = [
  'it needs the internet',
  'it is how the tests themselves are started',
  'it changes the shell that it is typed into',
  'it takes away what the tests stand on',
]

let workspace: string

beforeAll(async () => {
  await prepareNamespace(machine)
  await writeSecret(machine, 'database', ['username', 'password'])
  await writeSecret(machine, 'redis', ['password'])
  // The app that most pages speak of.
  await applyExample(machine, 'deployment.yaml')
  await readyPod('the example', () => findPod(machine, 'app.kubernetes.io/name=app'))
  workspace = prepareWorkspace()
})

afterAll(async () => {
  rmSync(workspace, { recursive: true })
  // Other tests begin with one that has not read its secrets yet.
  await machine.kubectl.run(['--namespace', 'demo', 'delete', 'deployment', '--all'])
  await helm('upgrade', machine.context.kubeconfig)
})

describe.each(runnable)('%s', (_, blocks) => {
  test.each(blocks)('$place works as it is written', async (block) => {
    expect(await run(block)).toEqual({ status: 0, output: '' })
  })
})

test('what is not run says why, with one of few reasons', () => {
  const given = pages.flatMap(({ blocks }) => blocks.flatMap(({ exemption }) => exemption ?? []))
  expect(given.filter((reason) => !exemptions.includes(reason))).toEqual([])
})

/** The output only where it failed: it may hold what the page shows how to read. */
async function run({ text }: Block) {
  const { status, stdout, stderr } = await tryCommand({
    program: 'bash',
    args: ['--norc', '-euo', 'pipefail', '-c', text],
    directory: workspace,
    environment: {
      PATH: `${join(workspace, 'bin')}:${paths.binaries}:${process.env['PATH']}`,
      HOME: workspace,
      KUBECONFIG: machine.context.kubeconfig,
      VAULT_ADDR: vaultUrl,
      VAULT_TOKEN: machine.context.rootToken,
    },
  })
  return { status, output: status === 0 ? '' : `${stdout}${stderr}` }
}

/** What a reader has at hand: this repository's folders, manifests of an own app, and the programs. */
function prepareWorkspace(): string {
  mkdirSync(paths.state, { recursive: true })
  const root = mkdtempSync(join(paths.state, 'docs-'))
  cpSync(join(repository, 'test/e2e/fixtures/docs-workspace'), root, { recursive: true })
  for (const folder of ['charts/claviger', 'manifests', 'docs', 'dist']) {
    symlinkSync(join(repository, folder), join(root, folder))
  }
  mkdirSync(join(root, 'bin'))
  // The 1 of `doctor` says that it found something, which other tests may have left there.
  writeProgram(
    root,
    'claviger',
    `"${process.execPath}" dist/claviger.cjs "$@" && exit`,
    'code=$?; [ "$1 $code" = "doctor 1" ] || exit "$code"',
  )
  // Those of the pages are in a registry; nothing else is changed, and `--set-string` beats what a page sets.
  const { image, agentImage } = chartValues().injector
  const settings = Object.entries({ image, agentImage }).flatMap(([name, fields]) =>
    Object.entries(fields).map(([key, value]) => `--set-string injector.${name}.${key}=${value}`),
  )
  writeProgram(
    root,
    'helm',
    `case "$*" in *" ./charts/claviger "*) set -- "$@" ${settings.join(' ')};; esac`,
    `exec "${join(paths.binaries, 'helm')}" "$@"`,
  )
  return root
}

function writeProgram(root: string, name: string, ...lines: readonly string[]): void {
  const text = `#!/bin/sh\n${lines.join('\n')}\n`
  writeFileSync(join(root, 'bin', name), text, { mode: 0o755 })
}
