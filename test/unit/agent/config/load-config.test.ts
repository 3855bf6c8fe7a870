/** Where the configuration comes from: files, directories, variables; and how several files become one. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, describe, expect, test } from '@jest/globals'
import type { AgentConfig } from '../../../../agent/config/agent-config.ts'
import { loadConfig } from '../../../../agent/config/load-config.ts'
import type { LoadedConfig } from '../../../../agent/config/read-config.ts'
import type { Parsed } from '../../../../core/issue.ts'
import { type ConfigFolder, configFolder } from '../../../support/config-folder.ts'

const folders: ConfigFolder[] = []
afterEach(() => {
  for (const { remove } of folders.splice(0)) remove()
})

function makeFolder(): ConfigFolder {
  const folder = configFolder()
  folders.push(folder)
  return folder
}

const sinkAt = (path: string) => [{ type: 'file', config: { path } }]
const base = {
  auto_auth: { method: { type: 'kubernetes', config: { role: 'app' } }, sink: sinkAt('/sink') },
}
const json = (changes: object) => JSON.stringify({ ...base, ...changes })

function configOf(parsed: Parsed<LoadedConfig>): AgentConfig {
  if (parsed.kind === 'issues') throw new Error(JSON.stringify(parsed.issues))
  return parsed.value.config
}

function pathsOf(parsed: Parsed<LoadedConfig>): readonly string[] {
  return parsed.kind === 'ok' ? [] : parsed.issues.map(({ path }) => path)
}

const destinations = ({ templates }: AgentConfig) => templates.map(({ destination }) => destination)
const template = (destination: string) => ({ template: [{ destination, contents: 'x' }] })
const hclTemplate = (destination: string) =>
  `template {\n destination = "${destination}"\n contents = "x"\n}\n`

describe('files', () => {
  test('are JSON or HCL by their content, whatever they are called', async () => {
    const { load } = makeFolder()
    const files = { 'a.hcl': `\n ${json(template('/a'))}`, 'b.json': hclTemplate('/b') }
    expect(destinations(configOf(await load(files)))).toEqual(['/a', '/b'])
  })

  test('of a directory are read by name, without subdirectories and leftovers', async () => {
    const { load, path } = makeFolder()
    const ignored = ['c.txt', 'd.hcl~', '.#e.hcl', '#f.hcl', 'sub/g.hcl']
    const files = {
      'all/b.json': json(template('/b')),
      'all/a.hcl': hclTemplate('/a'),
      ...Object.fromEntries(ignored.map((name) => [`all/${name}`, '@'])),
      'all/#h.hcl#': '@',
    }
    mkdirSync(join(path, 'all/i.hcl'), { recursive: true })
    symlinkSync('a.hcl', join(path, 'all/j.hcl'))
    const parsed = await load({ ...files, 'all/#f.hcl': hclTemplate('/f') }, { config: ['all'] })
    expect(destinations(configOf(parsed))).toEqual(['/f', '/a', '/b', '/a'])
  })

  test('that cannot be read are named, all of them', async () => {
    const { load, path } = makeFolder()
    writeFileSync(join(path, 'c.hcl'), Buffer.of(0x61, 0xff))
    const parsed = await load({ 'a.json': json({}) }, { config: ['a.json', 'none', 'c.hcl'] })
    expect(pathsOf(parsed)).toEqual([join(path, 'none'), join(path, 'c.hcl')])
  })

  test('that are wrong are named with line and column, all of them', async () => {
    const { load, path } = makeFolder()
    const parsed = await load({ 'a.json': '{\n"a" 1}', 'b.hcl': 'a =', 'c.hcl': 'a = 1 a = 2' })
    expect(pathsOf(parsed)).toEqual(
      ['a.json:2:5', 'b.hcl:1:4', 'c.hcl:1:7'].map((place) => join(path, place)),
    )
  })

  test('may start with a byte order mark', async () => {
    const { load } = makeFolder()
    const parsed = await load({ 'a.json': `\ufeff${json(template('/a'))}` })
    expect(destinations(configOf(parsed))).toEqual(['/a'])
  })

  test('in JSON may hold a key twice and a comma too many', async () => {
    const { load } = makeFolder()
    const text = json({}).replace('{', '{"log_level":"info","log_level":"warn","pid_file":",}",')
    const config = configOf(await load({ 'a.json': text.replace(/\}$/, ',\n}') }))
    expect(config).toMatchObject({ log: { choice: { level: 'warn' } }, pidFile: ',}' })
  })
})

describe('merging', () => {
  test.each([
    [
      'templates add up',
      template('/a'),
      template('/b'),
      { templates: [{ destination: '/a' }, { destination: '/b' }] },
    ],
    [
      'a later stanza replaces an earlier one whole',
      {
        vault: { address: 'http://a', namespace: 'n' },
        template_config: { exit_on_retry_failure: true },
      },
      { vault: { address: 'http://b' }, template_config: {} },
      {
        vault: { address: 'http://b', namespace: undefined },
        templating: { exitOnRetryFailure: false },
      },
    ],
    [
      'auto_auth too',
      { auto_auth: { ...base.auto_auth, sink: sinkAt('/old') } },
      { auto_auth: { ...base.auto_auth, sink: sinkAt('/new') } },
      { sinks: [{ path: '/new' }] },
    ],
    [
      'a stanza that the later file lacks stays',
      { vault: { address: 'http://a' } },
      {},
      { vault: { address: 'http://a' } },
    ],
    [
      'exit_after_auth holds if the first says so',
      { exit_after_auth: true },
      { exit_after_auth: false },
      { exitAfterAuth: true },
    ],
    [
      'exit_after_auth holds if the last says so',
      { exit_after_auth: false },
      { exit_after_auth: true },
      { exitAfterAuth: true },
    ],
    [
      'subsystems add up',
      { disable_idle_connections: ['caching'] },
      { disable_idle_connections: ['proxying'] },
      { connections: { withoutIdle: new Set(['caching', 'proxying']) } },
    ],
    [
      'the last value that is not empty counts',
      { pid_file: '/a', log_level: 'warn' },
      { pid_file: '', log_level: 'error' },
      { pidFile: '/a', log: { choice: { level: 'error' } } },
    ],
  ])('%s', async (_, first, second, expected) => {
    const { load } = makeFolder()
    expect(configOf(await load({ 'a.json': json(first), 'b.json': json(second) }))).toMatchObject(
      expected,
    )
  })

  test('a stanza that is twice in one file is refused, in two files it is not', async () => {
    const { load } = makeFolder()
    const vault = 'vault { address = "http://a" }\n'
    const rest = { 'c.json': json({}) }
    expect(pathsOf(await load({ 'a.hcl': vault + vault, ...rest }))).toEqual(['vault'])
    expect(pathsOf(await load({ 'a.hcl': vault, 'b.hcl': vault, ...rest }))).toEqual([])
  })
})

describe('without -config', () => {
  const folder = configFolder()
  const path = join(folder.path, 'a.json')
  const other = join(folder.path, 'b.json')
  writeFileSync(path, json({ pid_file: '/file' }))
  writeFileSync(other, json({ pid_file: '/other' }))
  afterAll(folder.remove)
  const encode = (bytes: Buffer | string) => Buffer.from(bytes).toString('base64')
  const encoded = encode(json({ pid_file: '/variable' }))

  test.each([
    [
      'BAO_AGENT_CONFIG_PATH first',
      { BAO_AGENT_CONFIG_PATH: other, VAULT_AGENT_CONFIG_PATH: path },
      '/other',
    ],
    ['VAULT_AGENT_CONFIG_PATH', { VAULT_AGENT_CONFIG_PATH: path, VAULT_CONFIG: encoded }, '/file'],
    ['VAULT_CONFIG', { VAULT_CONFIG: encoded, VAULT_AGENT_CONFIG_PATH: '' }, '/variable'],
    [
      'VAULT_CONFIG, compressed',
      { VAULT_CONFIG: encode(gzipSync(json({ pid_file: '/gzip' }))) },
      '/gzip',
    ],
  ])('%s', async (_, environment, pidFile) => {
    expect(configOf(await loadConfig({}, environment)).pidFile).toBe(pidFile)
  })

  test.each([
    ['nothing', {}, '-config'],
    ['an empty VAULT_CONFIG', { VAULT_CONFIG: '' }, '-config'],
    [
      'a cut-off VAULT_CONFIG',
      { VAULT_CONFIG: encode(gzipSync(json({})).subarray(0, 20)) },
      'VAULT_CONFIG',
    ],
  ])('%s is a problem', async (_, environment, expected) => {
    expect(pathsOf(await loadConfig({}, environment))).toEqual([expected])
  })

  test('the flag beats the variables', async () => {
    const environment = { VAULT_AGENT_CONFIG_PATH: other, VAULT_CONFIG: encoded }
    expect(configOf(await loadConfig({ config: [path] }, environment)).pidFile).toBe('/file')
  })
})
