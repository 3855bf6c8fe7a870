/** The program as it is started: pipes, files, exit codes, what goes to which output. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { loadAll } from 'js-yaml'
import { loadVerbs, verbs } from '../../../cli/verbs.ts'

const main = resolve('dist/claviger.cjs')
let folder = ''

const pod = (name: string, role = 'app') => `kind: Pod
metadata:
  name: ${name}
  annotations:
    claviger.dev/agent-inject: 'true'
    claviger.dev/role: "${role}"
    claviger.dev/agent-inject-secret-a: secret/data/a
spec:
  containers:
    - name: app
`

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'claviger-cli-'))
  mkdirSync(join(folder, 'k8s/more'), { recursive: true })
  mkdirSync(join(folder, 'empty'))
  writeFileSync(join(folder, 'k8s/a.yaml'), pod('a'))
  writeFileSync(join(folder, 'k8s/more/b.json'), JSON.stringify({ kind: 'Service' }))
  writeFileSync(join(folder, 'k8s/more/c.yml'), `---\n${pod('c')}`)
  writeFileSync(join(folder, 'k8s/notes.txt'), 'kind: [')
  writeFileSync(join(folder, 'wrong.yaml'), pod('wrong', ''))
})

afterAll(() => {
  rmSync(folder, { recursive: true })
})

function claviger(
  args: readonly string[],
  given: { readonly input?: string; readonly env?: Readonly<Record<string, string>> } = {},
) {
  const { input = '', env = {} } = given
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    cwd: folder,
    env,
    input,
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

describe('inject', () => {
  test('reads directories by name, files, and pipes', () => {
    const { status, stdout, stderr } = claviger(['inject', '-f', 'k8s', '-f=k8s/a.yaml', '-'], {
      input: pod('piped'),
    })
    expect([status, stderr]).toEqual([0, ''])
    const documents = loadAll(stdout).map((value) => JSON.parse(JSON.stringify(value)))
    expect(documents.map(({ kind, metadata }) => metadata?.name ?? kind)).toEqual([
      'a',
      'Service',
      'c',
      'a',
      'piped',
    ])
    expect(stdout.split('name: vault-agent\n')).toHaveLength(5)
  })

  test('reads standard input by itself', () => {
    expect(claviger(['inject'], { input: pod('p') }).stdout).toContain('name: vault-agent\n')
  })

  test('prints nothing with a problem, and says what and where', () => {
    const { status, stdout, stderr } = claviger(['inject', 'k8s', 'wrong.yaml'])
    expect([status, stdout]).toEqual([65, ''])
    expect(stderr).toMatch(/^wrong\.yaml:6:5: error: Pod\/wrong: claviger\.dev\/role: /)
  })

  test('--diff shows what changes, without colours where nobody looks', () => {
    const { status, stdout } = claviger(['inject', '--diff', 'k8s'])
    expect(status).toBe(0)
    expect(stdout.match(/^--- k8s\/.*$/gm)).toEqual([
      '--- k8s/a.yaml\tgiven',
      '--- k8s/more/c.yml\tgiven',
    ])
    expect(stdout).not.toContain('\u001b')
    expect(stdout.match(/^-(?!-)/gm)).toBeNull()
  })

  test('the diff, applied by patch, is the output', () => {
    const { stdout: diff } = claviger(['inject', '--diff', 'k8s/a.yaml'])
    const { stdout: output } = claviger(['inject', 'k8s/a.yaml'])
    const patched = execFileSync('patch', ['-s', '-o', '-', join(folder, 'k8s/a.yaml')], {
      input: diff,
      encoding: 'utf8',
    })
    expect(patched).toBe(output)
  })

  test('takes the webhook’s flags and variables; flags beat them', () => {
    const env = { AGENT_INJECT_AGENT_IMAGE: 'from/variable:1', VAULT_ADDR: 'https://variable:8200' }
    const by = (...args: readonly string[]) =>
      claviger(['inject', 'k8s/a.yaml', ...args], { env }).stdout
    expect(by()).toContain('image: from/variable:1')
    expect(by()).toContain('value: https://variable:8200')
    const flagged = by(
      '-agent-image=from/flag:1',
      '--vault-address',
      'https://flag:8200',
      '--cpu-request=77m',
    )
    expect(flagged).toContain('image: from/flag:1')
    expect(flagged).toContain('value: https://flag:8200')
    expect(flagged).toContain('cpu: 77m')
  })
})

describe('standard output', () => {
  const large = () => writeFileSync(join(folder, 'large'), `line\n`.repeat(200_000))
  const inShell = (script: string) =>
    spawnSync('bash', ['--norc', '-c', script, process.execPath, main], {
      cwd: folder,
      env: { PATH: process.env['PATH'] },
      encoding: 'utf8',
    })

  test('may be closed by a reader that has enough', () => {
    large()
    const { status, stdout, stderr } = inShell(
      'set -o pipefail; "$0" "$1" get file:large | head -1',
    )
    expect([status, stdout, stderr]).toEqual([141, 'line\n', ''])
  })

  const onLinux = existsSync('/dev/full') ? test : test.skip
  onLinux('may be full', () => {
    large()
    const { status, stderr } = inShell('"$0" "$1" get file:large > /dev/full')
    const message = 'a file cannot be written (path: standard output, cause: ENOSPC)'
    expect([status, stderr]).toEqual([73, `claviger: ${message}\n`])
  })
})

test('says which Node it needs where this one is too old for what was asked', () => {
  const old = join(folder, 'old.cjs')
  writeFileSync(
    old,
    `Object.defineProperty(process.versions, 'node', { value: '20.20.2' })
Object.defineProperty(require('node:zlib'), 'createZstdDecompress', { value: undefined })`,
  )
  const { status, stderr } = spawnSync(process.execPath, ['-r', old, main, 'get', 'k8s:app'], {
    env: {},
    encoding: 'utf8',
  })
  expect([status, stderr]).toEqual([1, expect.stringMatching(/^claviger: .* needs Node 24.*\n$/)])
})

describe('validate', () => {
  test.each<[readonly string[], number]>([
    [['k8s'], 0],
    [['wrong.yaml'], 1],
    [['k8s', 'wrong.yaml', '--output=json'], 1],
    [['wrong.yaml', '--output', 'sarif'], 1],
    [['--strict', 'k8s'], 0],
  ])('%j ends with %d', (args, code) => {
    expect(claviger(['validate', ...args])).toMatchObject({ status: code, stderr: '' })
  })

  test('warnings count with --strict', () => {
    const input = pod('p').replace('agent-inject-secret-a', 'agent-inject-secrt-a')
    expect(claviger(['validate'], { input }).status).toBe(0)
    const strict = claviger(['validate', '--strict'], { input })
    expect(strict.status).toBe(1)
    expect(strict.stdout).toContain('<stdin>:7:5: warning: ')
  })
})

describe('wrong input', () => {
  test.each<[readonly string[], number, string]>([
    [['injekt'], 64, 'did you mean inject?'],
    [['nothing-like-it'], 64, '--help describes them'],
    [['inject', '--agent-imege=x'], 64, 'did you mean -agent-image?'],
    [['inject', '--dif'], 64, 'did you mean -diff?'],
    [['inject', '--kind=x', '--profile=vaul'], 64, 'Group/Kind=path'],
    [['inject', '--cpu-limit=lots'], 64, '-cpu-limit'],
    [['inject', 'nowhere.yaml'], 65, 'nowhere.yaml'],
    [['inject', 'empty'], 65, 'no .yaml, .yml or .json file in it'],
    [['validate', '--output=jsn'], 64, 'did you mean json?'],
    [['annotations', 'xyzzyplugh'], 65, 'no annotation is like that'],
    [['annotations', '--output=tabel'], 64, 'did you mean table?'],
    [['convert'], 64, 'one PATH, or -- and a command line'],
    [['convert', 'k8s/a.yaml'], 65, 'values of vault-helm'],
    [['convert', '--', 'agent-inject', '-use-leader-elector', '--strict'], 0, ''],
    [['completion', 'bsh'], 64, 'did you mean bash?'],
    [['completion'], 64, 'bash, zsh, fish'],
  ])('%j ends with %d and says %s', (args, code, message) => {
    const { status, stdout, stderr } = claviger(args)
    expect(stderr).toContain(message)
    expect(status).toBe(code)
    if (code !== 0) expect(stdout).toBe('')
  })

  test('convert --strict ends with 65 when something is lost', () => {
    const args = ['convert', '--strict', '--', 'agent-inject', '-use-leader-elector']
    expect(claviger(args)).toMatchObject({
      status: 65,
      stderr: expect.stringContaining('-use-leader-elector'),
    })
  })
})

describe('help', () => {
  test.each([...verbs.keys()])('%s describes itself', async (name) => {
    const { status, stdout } = claviger([name, '--help'])
    expect(status).toBe(0)
    expect(stdout).toMatch(/^Usage: claviger /)
    const verb = (await loadVerbs()).find((loaded) => loaded.name === name)
    for (const flag of Object.keys(verb?.flags ?? {})) expect(stdout).toContain(`  -${flag}`)
  })

  const shown = ['inject', 'validate', 'annotations', 'convert', 'completion']
  const ofStores = ['get', 'set', 'list', 'delete', 'restore', 'rotate', 'history', 'stores']
  test.each([...shown, ...ofStores])('%s has examples', (name) => {
    expect(claviger([name, '--help']).stdout).toContain('\nExamples:\n  ')
  })
})

describe('completion of bash', () => {
  /** What bash offers for the last of `words`. */
  function complete(...words: readonly string[]): readonly string[] {
    const script = claviger(['completion', 'bash']).stdout
    const quoted = words.map((word) => `'${word}'`).join(' ')
    const ask = `COMP_WORDS=(claviger ${quoted}); COMP_CWORD=${words.length}; _claviger; printf '%s\\n' "\${COMPREPLY[@]}"`
    const out = execFileSync('bash', ['--norc', '-c', `${script}\n${ask}`], {
      cwd: folder,
      encoding: 'utf8',
    })
    return out.split('\n').filter((line) => line !== '')
  }

  test('offers verbs', () => {
    expect(complete('')).toEqual(expect.arrayContaining([...verbs.keys(), '--help', '--version']))
    expect(complete('val')).toEqual(['validate'])
  })

  test('offers flags, with one dash and with two', () => {
    expect(complete('inject', '--dif')).toEqual(['--diff'])
    expect(complete('inject', '-agent-im')).toEqual([
      '-agent-image=',
      '-agent-image-pull-policy=',
      '-agent-image-pull-secrets=',
    ])
  })

  test('offers the words of a flag and of a verb', () => {
    expect(complete('validate', '--output', '=', 's')).toEqual(['sarif'])
    expect(complete('validate', '--output', '=')).toEqual(['text', 'json', 'sarif'])
    expect(complete('completion', '')).toEqual(['bash', 'zsh', 'fish'])
    expect(complete('get', 'a')).toEqual(['aws:', 'azure:'])
    expect(complete('stores', 'a')).toEqual(['aws', 'azure'])
    expect(complete('annotations', 'agent-limits-c')).toEqual(['agent-limits-cpu'])
  })

  test('offers files', () => {
    expect(complete('inject', 'wro')).toEqual(['wrong.yaml'])
  })
})

describe.each(['zsh', 'fish'])('completion of %s', (shell) => {
  const installed = (process.env['PATH'] ?? '')
    .split(delimiter)
    .some((path) => existsSync(join(path, shell)))
  const withShell = installed ? test : test.skip
  withShell('is a script of that shell', () => {
    const { stdout: input } = claviger(['completion', shell])
    writeFileSync(join(folder, shell), input)
    const { status, stderr } = spawnSync(shell, ['-n', join(folder, shell)], { encoding: 'utf8' })
    expect([status, stderr]).toEqual([0, ''])
  })
})

test.each(['zsh', 'fish'])('completion of %s names every verb and flag', async (shell) => {
  const { stdout } = claviger(['completion', shell])
  for (const { name, flags } of await loadVerbs()) {
    expect(stdout).toContain(name)
    for (const flag of Object.keys(flags)) expect(stdout).toContain(flag)
  }
})
