import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { agentScripts } from '../../../scripts/agent-scripts.ts'

/** esbuild's metafile: every input of a bundle by path. */
function inputs(name: string): readonly string[] {
  const { outputs } = JSON.parse(readFileSync(`dist/${name}.meta.json`, 'utf8'))
  return Object.keys(outputs[`dist/${name}.cjs`].inputs)
}

const packagesOf = (name: string) =>
  new Set(
    inputs(name)
      .filter((path) => path.includes('node_modules/'))
      .map((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]),
  )

describe('the scripts of the agent', () => {
  test('hold only the packages they are meant to', () => {
    expect(
      new Map(agentScripts.map(({ name }) => [name, [...packagesOf(name)].toSorted()])),
    ).toEqual(
      new Map([
        ['agent-program', ['handlebars', 'node-vault']],
        // Signs the login of a Google service account.
        ['agent-clouds', ['jose']],
        ['agent-stores', []],
        ['agent-regexps', ['re2js']],
        ['agent-traces', []],
      ]),
    )
  })

  test('load regular expressions only when a template has one', () => {
    expect(inputs('agent-program')).toContain('stubs/lazy-re2js.cjs')
  })

  test('load the parser of handlebars only when there is such a template', () => {
    expect(inputs('agent-program')).toContain('stubs/lazy-handlebars.cjs')
  })

  test('hold nothing of the webhook and the command line', () => {
    const all = agentScripts.flatMap(({ name }) => inputs(name))
    const foreign = all.filter((path) => /^(webhook|cli|test|scripts)\//.test(path))
    expect(foreign).toEqual([])
  })

  test('never reach for fetch, and their only axios is the one that refuses', () => {
    for (const { name } of agentScripts) {
      expect(readFileSync(`dist/${name}.cjs`, 'utf8')).not.toMatch(/\bfetch\(|undici/)
    }
    expect(inputs('agent-program').filter((path) => path.includes('axios'))).toEqual([
      'stubs/axios/index.cjs',
    ])
  })
})

describe('the webhook bundle', () => {
  // It parses templates, and never renders one.
  test('holds neither agent nor store client', () => {
    const foreign = inputs('webhook').filter((path) =>
      /^(?:agent|cli|core\/vault|core\/stores\/(?!settings\/))/.test(path),
    )
    expect(foreign).toEqual([])
    expect(packagesOf('webhook').has('node-vault')).toBe(false)
  })

  test('has its logger and its metrics to itself', () => {
    for (const name of ['pino', '@prometheus-io/client']) {
      expect(
        ['webhook', 'agent-program', 'claviger'].filter((program) => packagesOf(program).has(name)),
      ).toEqual(['webhook'])
    }
  })
})

test('the command line has the Kubernetes client in a bundle of its own', () => {
  expect(packagesOf('claviger').has('@kubernetes/client-node')).toBe(false)
  expect(packagesOf('kubernetes-client').has('@kubernetes/client-node')).toBe(true)
  // In one place alone, which verbs that ask no cluster never come to.
  const { outputs } = JSON.parse(readFileSync('dist/claviger.meta.json', 'utf8'))
  const { imports } = outputs['dist/claviger.cjs']
  const apart = imports.filter(({ path }: { path: string }) => path === './kubernetes-client.cjs')
  expect(apart.map(({ kind }: { kind: string }) => kind)).toEqual(apart.map(() => 'require-call'))
})

describe('the drivers of databases', () => {
  const drivers = [
    { name: 'store-postgresql', library: 'pg', open: 'openPostgresql' },
    { name: 'store-mysql', library: 'mysql2', open: 'openMysql' },
  ]

  test.each(drivers)('$name is a bundle of its own', ({ name, library }) => {
    expect(packagesOf(name).has(library)).toBe(true)
    for (const program of [...agentScripts.map((script) => script.name), 'claviger', 'webhook']) {
      expect(packagesOf(program).has(library)).toBe(false)
    }
    // An error that a host is to know must be its own: a second class of the same name is none of it.
    expect(inputs(name)).not.toContain('core/errors.ts')
  })

  test.each(drivers)('$name opens without anything beside it', ({ name, open }) => {
    const folder = mkdtempSync(join(tmpdir(), 'claviger-driver-'))
    copyFileSync(`dist/${name}.cjs`, join(folder, 'driver.cjs'))
    const script = `console.log(typeof require(${JSON.stringify(join(folder, 'driver.cjs'))}).${open})`
    expect(spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' })).toMatchObject({
      stdout: 'function\n',
      stderr: '',
    })
    rmSync(folder, { recursive: true })
  })
})

describe('the spans of OpenTelemetry', () => {
  const ours = [...packagesOf('traces')].filter((name) => name?.startsWith('@opentelemetry/'))

  test('are made in a bundle of their own, of at most 50 kB', () => {
    expect(ours).toContain('@opentelemetry/sdk-trace')
    expect([...packagesOf('traces')]).toEqual(ours)
    expect(statSync('dist/traces.cjs').size).toBeLessThanOrEqual(50_000)
    // The webhook's metrics have the API.
    for (const program of ['agent-program', 'claviger', 'webhook']) {
      expect(packagesOf(program).has('@opentelemetry/sdk-trace')).toBe(false)
    }
    for (const program of ['agent-program', 'claviger']) {
      expect([...packagesOf(program)].filter((name) => ours.includes(name))).toEqual([])
    }
    expect(inputs('traces')).not.toContain('core/errors.ts')
  })

  test('load nothing of Node', () => {
    const { outputs } = JSON.parse(readFileSync('dist/traces.meta.json', 'utf8'))
    const { imports } = outputs['dist/traces.cjs']
    expect(imports).toEqual([])
  })

  test('are not loaded by an agent and a command that send none', () => {
    const folder = mkdtempSync(join(tmpdir(), 'claviger-alone-'))
    const copy = (name: string) => copyFileSync(`dist/${name}.cjs`, join(folder, `${name}.cjs`))
    for (const name of ['agent', 'agent-program', 'agent-stores', 'claviger']) copy(name)
    writeFileSync(join(folder, 'secret'), 'value')
    const destination = join(folder, 'file')
    const stores = { dir: { type: 'file', directory: folder } }
    const template = [{ destination, contents: '{{ secret "dir:secret" }}' }]
    const config = JSON.stringify({ exit_after_auth: true, claviger: { stores }, template })
    const run = (words: readonly string[], env: Readonly<Record<string, string>>) =>
      spawnSync(process.execPath, words, { encoding: 'utf8', env })
    const agent = (changes: Readonly<Record<string, string>>) =>
      run([join(folder, 'agent.cjs'), 'agent'], {
        VAULT_CONFIG: Buffer.from(config).toString('base64'),
        ...changes,
      })
    const get = [join(folder, 'claviger.cjs'), 'get', 'dir:secret']
    const command = (changes: Readonly<Record<string, string>>) =>
      run([...get, `-store=dir=file directory=${folder}`], changes)
    for (const start of [agent, command]) {
      expect(start({})).toMatchObject({ status: 0, stderr: expect.not.stringContaining('traces') })
    }
    // It would be missed.
    copy('agent-traces')
    for (const start of [agent, command]) {
      const asked = start({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' })
      expect(asked.status).toBe(0)
      expect(asked.stderr).toContain('traces are not sent')
    }
    rmSync(folder, { recursive: true })
  })
})

test('verbs that ask no cluster work without that bundle', () => {
  const folder = mkdtempSync(join(tmpdir(), 'claviger-bundle-'))
  copyFileSync('dist/claviger.cjs', join(folder, 'claviger.cjs'))
  const run = (...words: readonly string[]) =>
    spawnSync(process.execPath, [join(folder, 'claviger.cjs'), ...words], { encoding: 'utf8' })
  expect(run('annotations', 'agent-limits-mem').status).toBe(0)
  expect(run('completion', 'bash').status).toBe(0)
  for (const verb of ['doctor', 'status', 'break-glass']) {
    expect(run(verb, '--help').status).toBe(0)
    expect(run(verb).stderr).toContain('kubernetes-client.cjs')
  }
  rmSync(folder, { recursive: true })
})
