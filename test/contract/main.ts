/** `npm run contract`: runs the stores' contract and writes docs/store-contract.json and the page made of it. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { contractHeading } from '../support/stores/left-out.ts'
import { renderMatrix } from './matrix.ts'
import { findPeers, needsCluster } from './peers.ts'
import { type ContractRecord, type JestResults, mergeRecords, readRecords } from './record.ts'

const help = `npm run contract -- [WORD ...]

Runs the contract of all stores, against fakes and against the servers that test/e2e installs, and writes
docs/store-contract.json and docs/store-contract.md.

  WORD       only peers whose title has it, such as SQLite or aws; the others stay as they were
  FILE.json  no run: results of jest's --json from a run with STORE_CONTRACT=matrix, such as one with a cluster
`
const words = process.argv.slice(2)
if (words.some((word) => /^--?h/.test(word))) process.stdout.write(help)
else {
  const files = words.filter((word) => word.endsWith('.json'))
  const results = files.length > 0 ? files.map(readResults) : [runContract(words)]
  writeRecord(results)
}

/** The results are read whether tests failed or not. */
function runContract(sought: readonly string[]): JestResults {
  const peers = findPeers().filter(
    (peer) =>
      !needsCluster(peer) &&
      (sought.length === 0 || sought.some((word) => peer.title.includes(word))),
  )
  if (peers.length === 0) throw new Error(`no peer has ${sought.join(' or ')} in its title`)
  const folder = mkdtempSync(join(tmpdir(), 'claviger-contract-'))
  const output = join(folder, 'results.json')
  // Servers of the tests that need some are started one after the other.
  const options = ['--selectProjects', 'integration', 'apart', '--runInBand', '--json']
  const which = ['--testNamePattern', `^${contractHeading}`, '--outputFile', output]
  const paths = ['--runTestsByPath', ...new Set(peers.map(({ file }) => file))]
  const { status } = spawnSync(
    process.execPath,
    ['scripts/run-jest.ts', ...options, ...which, ...paths],
    {
      env: { ...process.env, STORE_CONTRACT: 'matrix' },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  const results = readResults(output)
  rmSync(folder, { recursive: true })
  process.exitCode = status ?? 1
  return results
}

function readResults(path: string): JestResults {
  return JSON.parse(readFileSync(path, 'utf8'))
}

function writeRecord(results: readonly JestResults[]): void {
  const [json, page] = ['docs/store-contract.json', 'docs/store-contract.md']
  const kept: ContractRecord = JSON.parse(readFileSync(json, 'utf8'))
  const today = new Date().toISOString().slice(0, 10)
  const fresh = results.flatMap((one) => readRecords(one, today))
  const titles = findPeers().map(({ title }) => title)
  const record = mergeRecords(kept, fresh, titles)
  writeFileSync(json, `${JSON.stringify(record, undefined, 2)}\n`)
  const place = /(<!-- matrix -->\n)[\s\S]*?(?=<!-- \/matrix -->)/
  const text = readFileSync(page, 'utf8')
  writeFileSync(
    page,
    text.replace(place, (_, head: string) => `${head}\n${renderMatrix(record)}\n\n`),
  )
  process.stdout.write(`${fresh.map(({ title }) => title).join(', ')}: written to ${page}\n`)
}
