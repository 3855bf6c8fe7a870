/** `npm run bench`: ours beside the peer, as ratios of medians from interleaved runs; `BENCH_ONLY=templates` leaves the programs out. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Processes } from '../../cli/demo/processes.ts'
import { type DemoStore, startEmbeddedStore } from '../../cli/demo/store.ts'
import { systemClock } from '../../core/clock.ts'
import { createLogger } from '../../core/log.ts'
import { benchAdmissions } from './admission-table.ts'
import { benchAtRest } from './at-rest.ts'
import { type Contender, measureStarts, type StartBench } from './start-to-file.ts'
import { formatTable } from './statistics.ts'
import { benchTemplates } from './templates.ts'

/** Built by the end-to-end suite. */
const stockAgent = 'test/e2e/.cache/bin/vault'
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 21)
const seconds = Number(process.env['BENCH_SECONDS'] ?? 5)
const copies = 3
const restSeconds = 3 * seconds

const root = mkdtempSync(join(tmpdir(), 'claviger-bench-'))
const processes = new Processes()
const tell = (line = '') => process.stdout.write(`${line}\n`)

try {
  tell(`${cpus().length} cores, Node ${process.version}; take ratios, not absolutes`)
  await tellTemplates()
  if (process.env['BENCH_ONLY'] !== 'templates') await benchPrograms()
} finally {
  await processes.stopAll()
  rmSync(root, { recursive: true, force: true })
}

async function tellTemplates(): Promise<void> {
  const { table, loading } = await benchTemplates(root, seconds / 5)
  tell(`\nRenderings per second of processor time, one KV v2 secret, ${seconds / 5} s each`)
  tell(table)
  tell('\nLoading the template engine, ms of processor time')
  tell(loading)
}

async function benchPrograms(): Promise<void> {
  const logger = createLogger({ level: 'error', format: 'standard', write: tell, now: Date.now })
  const store = await startEmbeddedStore({ root, logger, clock: systemClock })
  await benchAgents(store)
  await store.close()
  tell(await benchAdmissions({ processes, root, seconds, peer: readPeer(process.argv) }))
}

/** The path behind `--peer-injector`. */
function readPeer(words: readonly string[]): string | undefined {
  const at = words.indexOf('--peer-injector')
  return at === -1 ? undefined : words[at + 1]
}

async function benchAgents(store: DemoStore): Promise<void> {
  const jwtPath = await prepareStore(store)
  const ours: Contender = {
    name: 'claviger',
    program: process.execPath,
    words: [
      '--max-semi-space-size=1',
      '--max-old-space-size=32',
      '--v8-pool-size=0',
      '--use-openssl-ca',
      'dist/agent.cjs',
      'agent',
    ],
  }
  const bare: Contender = { name: 'bare Node', program: process.execPath, words: [bareProgram()] }
  const stock: readonly Contender[] = existsSync(stockAgent)
    ? [{ name: 'Vault Agent', program: stockAgent, words: ['agent'] }]
    : []
  const login = { address: store.address, jwtPath, role: 'app' }
  await benchStarts([ours, ...stock, bare], login)
  tell(`\nAgent at rest, ${copies} of each at once, watched for ${restSeconds} s`)
  const folder = join(root, 'rest')
  const sizes = [1, 20, 100]
  const rest = { folder, store: login, sizes, copies, seconds: restSeconds }
  tell(await benchAtRest([ours, ...stock], rest))
}

async function benchStarts(
  contenders: readonly Contender[],
  store: StartBench['store'],
): Promise<void> {
  const folder = join(root, 'starts')
  mkdirSync(folder)
  const figures = await measureStarts(contenders, { folder, rounds, store })
  const base = figures.get('Vault Agent')?.median
  tell(`\nProcess start to rendered file, one KV v2 secret, ${rounds} interleaved rounds, ms`)
  tell(
    formatTable([
      ['', 'median', 'min', 'max', 'of the stock'],
      ...Array.from(figures, ([name, { median, min, max }]) => [
        name,
        median.toFixed(1),
        min.toFixed(1),
        max.toFixed(1),
        base === undefined ? 'not built' : (median / base).toFixed(2),
      ]),
    ]),
  )
}

/** The secret, a policy, a role of the jwt method, and a token for it; the path of the token. */
async function prepareStore(store: DemoStore): Promise<string> {
  const policy = { path: { 'secret/*': { capabilities: ['read'] } } }
  await store.write('sys/policies/acl/bench', { policy: JSON.stringify(policy) })
  await store.write('auth/jwt/config', { jwt_validation_pubkeys: [store.issuer.publicKey] })
  await store.write('auth/jwt/role/app', {
    role_type: 'jwt',
    user_claim: 'sub',
    bound_audiences: [store.issuer.name],
    token_policies: ['bench'],
    token_ttl: '1h',
  })
  const names = ['app', ...Array.from({ length: 100 }, (_, at) => `rest-${at}`)]
  for (const name of names) {
    await store.write(`secret/data/${name}`, { data: new Map([['password', 'bench']]) })
  }
  const jwt = await store.issuer.mint({ namespace: 'bench', serviceAccount: 'app', ttl: 86_400 })
  const path = join(root, 'jwt')
  writeFileSync(path, jwt.reveal(), { mode: 0o600 })
  return path
}

/** What Node alone takes to write the same file: the floor under every agent in JavaScript. */
function bareProgram(): string {
  const path = join(root, 'bare.cjs')
  const program = `const fs = require('node:fs')
const config = JSON.parse(fs.readFileSync(process.argv[2].slice('-config='.length), 'utf8'))
fs.writeFileSync(config.template[0].destination, 'x')
process.on('SIGTERM', () => process.exit(0))
setInterval(() => undefined, 1000)
`
  writeFileSync(path, program)
  return path
}
