/** The scripts that the agent's program comes in: which module is where, and that they are one program together. */
import { execFileSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import type { ErrorCode } from '../../../core/errors.ts'
import { type StoreTypeName, storeTypeNames } from '../../../core/stores/settings/store-types.ts'
import { agentScripts } from '../../../scripts/agent-scripts.ts'

const names = agentScripts.map(({ name }) => name)
const readMetafile = (name: string) => JSON.parse(readFileSync(`dist/${name}.meta.json`, 'utf8'))

/** Its modules, by esbuild's metafile. */
function modulesOf(name: string): readonly string[] {
  return Object.keys(readMetafile(name).outputs[`dist/${name}.cjs`].inputs)
}

/** Which other scripts it reaches for. */
function usedBy(name: string): readonly string[] {
  const used: readonly { readonly path: string }[] =
    readMetafile(name).outputs[`dist/${name}.cjs`].imports
  const scripts = used.map(({ path }) => path.split('/')[0] ?? '')
  return names.filter((script) => scripts.includes(script))
}

describe('what every agent loads', () => {
  const program = modulesOf('agent-program')

  // V8 holds its text as long as the agent lives.
  test('is at most 600 kB', () => {
    expect(statSync('dist/agent-program.cjs').size).toBeLessThanOrEqual(600_000)
  })

  test('is neither a store, nor the identity of a cloud, nor regular expressions, nor traces', () => {
    const seldom =
      /^core\/cloud\/|^agent\/auth\/cloud\/|^(?:core|agent)\/tracing\/|^core\/stores\/(?:aws|azure|gcp|kubernetes|file|database)\/|node_modules\/(?:jose|re2js)\//
    expect(program.filter((path) => seldom.test(path))).toEqual([])
    expect(program).toContain('core/errors.ts')
    expect(program).not.toContain('core/stores/open-store.ts')
  })
})

test('every module is in one script', () => {
  const all = names.flatMap(modulesOf)
  expect(all.filter((path, at) => all.indexOf(path) !== at)).toEqual([])
})

test('a script reaches for no other than it needs', () => {
  expect(new Map(names.map((name) => [name, usedBy(name)]))).toEqual(
    new Map([
      ['agent-program', ['agent-clouds', 'agent-stores', 'agent-regexps', 'agent-traces']],
      // A login at a cloud loads no store.
      ['agent-clouds', ['agent-program']],
      ['agent-stores', ['agent-program', 'agent-clouds']],
      ['agent-regexps', []],
      ['agent-traces', ['agent-program']],
    ]),
  )
})

/** What becomes of a store of each type that lacks what it needs, before it asks anybody. */
const refusals: Readonly<Record<StoreTypeName, ErrorCode>> = {
  vault: 'credentials_unavailable',
  aws: 'credentials_unavailable',
  ssm: 'credentials_unavailable',
  gcp: 'input_invalid',
  azure: 'config_invalid',
  k8s: 'config_invalid',
  file: 'input_invalid',
  db: 'config_invalid',
}

test('what stores of every type refuse is an error that the program knows', () => {
  // The program hands over what it has and says its version.
  const script = `
    const { Script } = require('node:vm')
    const provided = new Map()
    const find = (name) => {
      const [, script, module] = /^(agent-\\w+)\\/(.*)$/.exec(name) ?? []
      return script === undefined ? require(name) : provided.get(script)[module]()
    }
    process.argv = [process.execPath, 'agent', '-version']
    process.exit = () => undefined
    for (const name of ${JSON.stringify(names)}) {
      const run = new Script(fs.readFileSync('dist/' + name + '.cjs', 'utf8')).runInThisContext()
      run(find, (modules) => provided.set(name, modules))
    }
    const { AppError } = find('agent-program/core/errors.ts')
    const { openStore } = find('agent-stores/core/stores/open-store.ts')
    const flights = { keys: (_, work) => work(), tokens: (_, work) => work() }
    const memory = { recall: () => undefined, remember: () => undefined, flights }
    const ports = { environment: {}, now: Date.now, memory, userAgent: 'test' }
    const aws = new Map([['region', 'eu-west-1'], ['identity', 'environment']])
    const ask = async (type) => {
      const values = ['aws', 'ssm'].includes(type) ? aws : new Map()
      const store = await openStore({ name: type, type, values }, ports)
      const [{ error }] = await store.read([{ path: '/../x' }])
      throw error
    }
    const read = (type) => ask(type).catch((thrown) => [type, thrown instanceof AppError && thrown.code])
    Promise.all(${JSON.stringify(storeTypeNames)}.map(read)).then((read) =>
      console.log(JSON.stringify(Object.fromEntries(read))))`
  const output = execFileSync(process.execPath, ['-e', script], { encoding: 'utf8', env: {} })
  expect(JSON.parse(output.split('\n')[1] ?? '')).toEqual(refusals)
})
