/**
 * Runs the end-to-end tests on a real Kubernetes and a real Vault, and leaves the machine as it was. With the word `up` it starts
 * everything, prints how to use it, and waits for an interruption instead: tests can then run one by one.
 */
import { randomBytes } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import { helm } from './claviger.ts'
import { startCluster } from './cluster/cluster.ts'
import { importImage } from './cluster/containerd.ts'
import { openProcesses } from './cluster/processes.ts'
import { removeCluster } from './cluster/remains.ts'
import { runCommand, tryCommand } from './commands.ts'
import { readContext, writeContext } from './context.ts'
import { buildBaseImages } from './images/base-images.ts'
import { buildShippedImages, shippedImages } from './images/shipped-images.ts'
import { exportImage } from './images/storage.ts'
import { openPhases } from './phases.ts'
import { deadlineMs } from './polling.ts'
import { startPostgresql } from './postgresql/server.ts'
import { checkMachine, installPackages } from './prerequisites.ts'
import { images, paths, repository } from './settings.ts'
import { buildGoPrograms } from './tools/go-programs.ts'
import { installHelm } from './tools/helm.ts'
import { installMoto } from './tools/moto.ts'
import { openVault } from './vault/client.ts'
import { startVault } from './vault/server.ts'
import { setUpDatabase, setUpVault } from './vault/setup.ts'

interface Outcome {
  readonly status: number
  readonly closingLine: string
}

const interruption = new AbortController()
const { signal } = interruption
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => interruption.abort(new Error(`interrupted by ${name}`)))
}
const testTimeout = ['--testTimeout', String(2 * deadlineMs)]
const phase = openPhases((line) => console.log(line))
const onlyUp = process.argv[2] === 'up'

await main()

async function main(): Promise<void> {
  let outcome: Outcome = { status: 1, closingLine: '0 passed, 1 failed, 0 skipped' }
  try {
    await phase('check the machine', checkMachine)
    outcome = await withTearDown(async () => {
      await prepareMachine()
      const apart = onlyUp ? undefined : startApart()
      await buildImages()
      await startMachine()
      return apart === undefined ? waitForInterruption() : runTests(apart)
    })
    if (outcome.status === 0) rmSync(paths.logs, { recursive: true, force: true })
  } catch (error) {
    console.error(String(error))
    interruption.abort(error)
  }
  if (existsSync(paths.logs)) console.error(`[e2e] logs: ${paths.logs}`)
  console.log(outcome.closingLine)
  process.exitCode = outcome.status
}

async function withTearDown<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } finally {
    await phase('tear down', removeCluster)
  }
}

async function prepareMachine(): Promise<void> {
  await phase('clean up after an earlier run', async () => {
    await removeCluster()
    rmSync(paths.logs, { recursive: true, force: true })
  })
  await phase('apt packages', installPackages)
  await phase('Helm', () => installHelm(signal))
  await phase('moto', () => installMoto(signal))
  await phase('Go programs', () => buildGoPrograms(signal))
  await phase('npm run build', () =>
    runCommand({
      program: 'npm',
      args: ['run', '--silent', 'build'],
      directory: repository,
      signal,
    }),
  )
}

async function buildImages(): Promise<void> {
  await phase('base images', () => buildBaseImages(signal))
  await phase('shipped images', () => buildShippedImages(signal))
}

async function startMachine(): Promise<void> {
  const processes = openProcesses()
  const cluster = await startCluster({ processes, phase, signal })
  await phase('import images', async () => {
    for (const image of [images.app, ...shippedImages]) {
      await importImage(await exportImage(image, signal))
    }
  })
  await phase('PostgreSQL', () => startPostgresql(processes, signal))
  const vault = await phase('Vault', async () => {
    const running = await startVault(processes, signal)
    const client = openVault(running.rootToken)
    await setUpVault(client, cluster.kubectl, cluster.certificates)
    await setUpDatabase(client)
    return running
  })
  const canary = `canary${randomBytes(12).toString('hex')}`
  writeContext({ kubeconfig: cluster.kubeconfig, ...vault, canary })
  await phase('helm install', () => helm('install', cluster.kubeconfig))
}

async function waitForInterruption(): Promise<Outcome> {
  console.log(`[e2e] export KUBECONFIG=${readContext().kubeconfig} PATH=${paths.binaries}:$PATH`)
  console.log('[e2e] node scripts/run-jest.ts --selectProjects e2e beside --runInBand -- PATTERN')
  // Something to wait with: a signal handler alone keeps no process alive.
  const waiting = setInterval(() => undefined, 2 ** 30)
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
  clearInterval(waiting)
  return { status: 0, closingLine: '[e2e] interrupted' }
}

/** Tests that need no cluster begin while one is made, and go on beside those that do: tests of pods mostly wait. */
function startApart(): Promise<SuiteOutcome> {
  const apart = phase('tests without a cluster', () => runSuite('apart', { show: false }))
  // Whoever waits for it is told; nobody does where no cluster comes up.
  apart.catch(() => undefined)
  return apart
}

async function runTests(apart: Promise<SuiteOutcome>): Promise<Outcome> {
  const tests = phase('tests', () => runSuite('e2e', { show: true }))
  const beside = apart.then(() =>
    phase('tests beside those of pods', () => runSuite('beside', { show: false })),
  )
  const outcomes = await Promise.all([tests, apart, beside])
  for (const { output } of [await apart, await beside]) console.log(output)
  return {
    status: Math.max(...outcomes.map(({ status }) => status)),
    closingLine: addLines(outcomes.map(({ closingLine }) => closingLine)),
  }
}

interface SuiteOutcome extends Outcome {
  readonly output: string
}

/** All tests of a project of jest. */
async function runSuite(
  project: string,
  { show }: { readonly show: boolean },
): Promise<SuiteOutcome> {
  const { status, stdout, stderr } = await tryCommand({
    program: process.execPath,
    args: ['scripts/run-jest.ts', '--selectProjects', project, '--runInBand', ...testTimeout],
    directory: repository,
    show,
    signal,
  })
  const closingLine = stdout.match(/^\d+ passed, \d+ failed, \d+ skipped$/gm)?.at(-1)
  if (closingLine === undefined) {
    throw new Error(`jest ended without its closing line\n${stderr.slice(-4000)}`)
  }
  return { status, closingLine, output: `${stderr}${stdout}`.trimEnd() }
}

function addLines(lines: readonly string[]): string {
  const counts = lines.map((line) => [...line.matchAll(/\d+/g)].map(Number))
  const [passed, failed, skipped] = [0, 1, 2].map((at) =>
    counts.reduce((sum, each) => sum + (each[at] ?? 0), 0),
  )
  return `${passed} passed, ${failed} failed, ${skipped} skipped`
}
