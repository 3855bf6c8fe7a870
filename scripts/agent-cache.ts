/**
 * `node --predictable agent-cache.ts SCRIPTS CACHES`: for each of the agent's scripts in the folder SCRIPTS writes to the folder CACHES what V8 has compiled
 * of it: of the program when it has run as an init container, against a store of its own on loopback, and then as the steps after it; of the others
 * when they have handed over what others import. Without --predictable every cache is another one.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { Script } from 'node:vm'
import { agentScripts, mainScript } from './agent-scripts.ts'

// Which functions have run often enough for its next compiler is noted in the cache, and hangs on the length of a path.
setFlagsFromString('--no-sparkplug')

const [scripts = '', caches = ''] = process.argv.slice(2)
const root = mkdtempSync(join(tmpdir(), 'claviger-cache-'))
const program = compile(mainScript)
const others = agentScripts
  .filter(({ name }) => name !== mainScript)
  .map(({ name }) => compile(name))

function compile(name: string) {
  const filename = `${name}.cjs`
  return { name, script: new Script(readFileSync(join(scripts, filename), 'utf8'), { filename }) }
}

function writeCaches(): void {
  writeCache(program)
  for (const other of others) open(other)
  const modules = others.flatMap(({ name }) => Object.values(provided.get(name) ?? {}))
  for (const load of modules) load()
  for (const other of others) writeCache(other)
}

function writeCache({ name, script }: ReturnType<typeof compile>): void {
  // A cache is good for the flags it was made under.
  setFlagsFromString('--sparkplug')
  writeFileSync(join(caches, `${name}.cache`), script.createCachedData())
  setFlagsFromString('--no-sparkplug')
}

type Modules = Readonly<Record<string, () => unknown>>
const provided = new Map<string, Modules>()

function open({ name, script }: ReturnType<typeof compile>): void {
  script.runInThisContext()(find, (modules: Modules) => provided.set(name, modules))
}

const requireOther = createRequire(import.meta.url)

/** As in agent/open-program.ts, of scripts that are open. */
function find(name: string): unknown {
  if (!name.startsWith('agent-')) return requireOther(name)
  const end = name.indexOf('/')
  return provided.get(name.slice(0, end))?.[name.slice(end + 1)]?.()
}

const auth = {
  client_token: 'hvs.none',
  accessor: 'none',
  policies: ['default'],
  lease_duration: 3600,
  renewable: true,
}
const metadata = {
  version: 1,
  created_time: '2026-01-01T00:00:00Z',
  deletion_time: '',
  destroyed: false,
}
const answers: Readonly<Record<string, object>> = {
  '/v1/auth/kubernetes/login': { auth },
  '/v1/auth/token/renew-self': { auth },
  '/v1/secret/data/app': { data: { data: { password: 'none', user: 'none' }, metadata } },
}

const server = createServer((request, response) => {
  request.resume()
  const answer = answers[request.url ?? '']
  response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' })
  response.end(JSON.stringify(answer ?? { errors: [] }))
})

/** As the webhook writes it, with a template of each usual form. */
function configuration(address: string): object {
  const token = join(root, 'jwt')
  writeFileSync(token, 'none')
  const contents = [
    '{{ with secret "secret/data/app" }}{{ range $k, $v := .Data.data }}{{ $k }}: {{ $v }}\n{{ end }}{{ end }}',
    '{{- with secret "secret/data/app" -}}\nexport PASSWORD="{{ .Data.data.password }}"\n{{- end }}',
  ]
  return {
    vault: { address },
    auto_auth: {
      method: { type: 'kubernetes', config: { role: 'app', token_path: token } },
      sink: [{ type: 'file', config: { path: join(root, 'token') } }],
    },
    template: contents.map((text, at) => ({ contents: text, destination: join(root, `${at}`) })),
    exit_after_auth: true,
    claviger: { state_path: statePath, init_deadline: '60s' },
  }
}

const statePath = join(root, 'state.json')

/** What is due in each start after the first. */
const dues = ['a secret', 'the token', 'nothing'] as const

function makeDue(due: (typeof dues)[number]): void {
  const state = JSON.parse(readFileSync(statePath, 'utf8'))
  if (due === 'a secret') for (const held of state.secrets) held.due.at = 0
  if (due === 'the token') state.session.due_at = 0
  writeFileSync(statePath, JSON.stringify(state))
}

const log: string[] = []
// A pipe is written to in other ways than a file.
Object.defineProperty(process, 'stderr', { value: { write: (line: string) => log.push(line) } })

process.on('exit', (code) => {
  rmSync(root, { recursive: true })
  if (code === 0) writeCaches()
  else writeSync(2, log.join(''))
})

const end = process.exit
const left = [...dues]
const start = () => open(program)
/** The program ends its process; here the next start comes then. */
const goOn = (code?: number) => {
  const due = code === 0 ? left.shift() : undefined
  if (due === undefined) return end(code)
  makeDue(due)
  setImmediate(start)
}
Object.defineProperty(process, 'exit', { value: goOn })

server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port of loopback')
  const config = configuration(`http://127.0.0.1:${address.port}`)
  process.env['VAULT_CONFIG'] = Buffer.from(JSON.stringify(config)).toString('base64')
  process.argv = [process.execPath, 'agent', 'agent']
  start()
})
