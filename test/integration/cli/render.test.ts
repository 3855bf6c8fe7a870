/** `claviger render` as it is started: manifests and data in, files and problems out. */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { canary, expectClean } from '../../support/canary.ts'
import { kvBody, startScriptedVault } from '../../support/scripted-vault.ts'

const main = resolve('dist/claviger.cjs')
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'claviger-render-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

function manifest(annotations: Readonly<Record<string, string>>, kind = 'Pod'): string {
  const pod = {
    metadata: {
      annotations: {
        'claviger.dev/agent-inject': 'true',
        'claviger.dev/role': 'app',
        ...own(annotations),
      },
    },
    spec: { serviceAccountName: 'app', containers: [{ name: 'app' }] },
  }
  const object =
    kind === 'Pod'
      ? { ...pod, metadata: { name: 'web', ...pod.metadata } }
      : { metadata: { name: 'web' }, spec: { template: pod } }
  const apiVersion = kind === 'Pod' ? 'v1' : 'apps/v1'
  return JSON.stringify({ apiVersion, kind, ...object })
}

function own(annotations: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(annotations).map(([key, value]) => [`claviger.dev/agent-${key}`, value]),
  )
}

const data = `
secret/data/app: {user: ada, password: "hunter2's", port: 5432}
database/creds/app: {username: v-app}
`

async function render(
  input: string,
  { flags = ['--data', 'data.yaml'], env = {}, secrets = data } = {},
) {
  writeFileSync(join(folder, 'data.yaml'), secrets)
  const child = spawn(process.execPath, [main, 'render', '-', ...flags], { cwd: folder, env })
  child.stdin.end(input)
  const [stdout, stderr, status] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((done) => child.on('close', done)),
  ])
  return { status, stdout, stderr }
}

describe('files of a pod', () => {
  test('of both engines and in a format, with a header each', async () => {
    const { status, stdout, stderr } = await render(
      manifest(
        {
          'inject-template-a.txt':
            '{{ with secret "secret/app" }}{{ .Data.data.user }}:{{ .Data.data.port }}{{ end }}',
          'inject-template-b':
            '{{#secret "database/creds/app" as |s|}}{{s.data.username}}\n{{/secret}}',
          'template-engine-b': 'handlebars',
          'inject-secret-c': 'secret/data/app',
          'inject-format-c': 'env',
          'inject-secret-d': 'database/creds/app',
        },
        'Deployment',
      ),
    )
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toBe(`==> /vault/secrets/a.txt (Deployment/web) <==
ada:5432
==> /vault/secrets/b (Deployment/web) <==
v-app
==> /vault/secrets/c (Deployment/web) <==
export password='hunter2'\\''s'
export port='5432'
export user='ada'
==> /vault/secrets/d (Deployment/web) <==
username: v-app
`)
  })

  test('below a directory, for the owner alone', async () => {
    const { status, stdout } = await render(
      manifest({ 'inject-secret-raw': 'database/creds/app', 'inject-format-raw': 'raw' }),
      { flags: ['--data=data.yaml', '--out=out'] },
    )
    const path = 'out/Pod-web/vault/secrets/raw'
    expect([status, stdout]).toEqual([0, `${path}\n`])
    expect(readFileSync(join(folder, path), 'utf8')).toBe('v-app')
    expect(statSync(join(folder, path)).mode & 0o777).toBe(0o600)
  })

  test('from templates in the agent’s containers, where --root has them', async () => {
    const pod = manifest({ 'inject-template-file-t': '/etc/t.ctmpl' })
    mkdirSync(join(folder, 'files/etc'), { recursive: true })
    writeFileSync(join(folder, 'files/etc/t.ctmpl'), '{{ "x" | toUpper }}')
    const without = await render(pod)
    expect([without.status, without.stderr]).toEqual([
      65,
      expect.stringContaining('--root says where'),
    ])
    const { status, stdout } = await render(pod, { flags: ['--data=data.yaml', '--root=files'] })
    expect([status, stdout]).toEqual([0, '==> /vault/secrets/t (Pod/web) <==\nX\n'])
  })

  test('from a Vault', async () => {
    const vault = await startScriptedVault(() => kvBody({ password: 'from vault' }))
    const env = { VAULT_ADDR: vault.address, VAULT_TOKEN: 'hvs.x' }
    const pod = manifest({ 'inject-secret-c': 'secret/data/app', 'inject-format-c': 'yaml' })
    try {
      const { status, stdout } = await render(pod, { flags: ['--vault'], env })
      expect([status, stdout]).toEqual([
        0,
        '==> /vault/secrets/c (Pod/web) <==\npassword: from vault\n',
      ])
      expect(vault.requests.map(({ path, token }) => [path, token])).toEqual([
        ['secret/data/app', 'hvs.x'],
      ])
    } finally {
      await vault.close()
    }
  })

  test('from stores that the pod knows, though the data has none of them', async () => {
    const refer = (reference: string) =>
      render(manifest({ 'inject-secret-c': reference }), {
        flags: ['--data=data.yaml', '--stores=stores.yaml'],
      })
    writeFileSync(join(folder, 'stores.yaml'), 'prod: aws')
    expect((await refer('prod:db#password')).stderr).toMatch(/does not exist \(path: prod:db, /)
    expect(await refer('prod:db?')).toMatchObject({ status: 0, stdout: '' })
    expect(await refer('k8s:db#password?')).toMatchObject({ status: 0, stdout: '' })
  })

  test('that are optional are told of where their secret is absent', async () => {
    const pod = manifest({
      'inject-secret-c': 'secret/data/none',
      'inject-format-c': 'yaml',
      'inject-optional-c': 'true',
    })
    const { status, stdout, stderr } = await render(pod)
    expect([status, stdout]).toEqual([0, ''])
    expect(stderr).toBe(
      'Pod/web: /vault/secrets/c: not written: optional, and secret/data/none does not exist\n',
    )
  })
})

describe('problems', () => {
  test('of a template stand under its line with a caret, and what else works is printed', async () => {
    const { status, stdout, stderr } = await render(
      manifest({
        'inject-template-a': 'x\n\t{{ toJson "é" }}\n',
        'inject-template-b': 'fine',
      }),
    )
    expect([status, stdout]).toEqual([65, '==> /vault/secrets/b (Pod/web) <==\nfine\n'])
    expect(
      stderr,
    ).toBe(`error: Pod/web: /vault/secrets/a: template: /vault/secrets/a:2: function "toJson" not defined
2 | \t{{ toJson "é" }}
  | \t   ^
did you mean toJSON?
`)
  })

  test('a key that is not there', async () => {
    const template = '{{ with secret "secret/data/app" }}\nü {{ .Data.user }}{{ end }}'
    const pod = manifest({ 'inject-template-a': template })
    const lax = await render(pod)
    expect([lax.status, lax.stdout]).toEqual([
      0,
      '==> /vault/secrets/a (Pod/web) <==\n\nü <no value>\n',
    ])
    const told = `template: /vault/secrets/a:2:11: executing "/vault/secrets/a" at <.Data.user>: map has no entry for key "user"
2 | ü {{ .Data.user }}{{ end }}
  |           ^
did you mean .Data.data.user?
`
    expect(lax.stderr).toBe(
      `warning: Pod/web: /vault/secrets/a: the output holds <no value>\n${told}`,
    )
    const strict = await render(
      manifest({ 'inject-template-a': template }).replace(
        '"claviger.dev/role"',
        '"claviger.dev/error-on-missing-key-a":"true","claviger.dev/role"',
      ),
    )
    expect([strict.status, strict.stderr]).toEqual([
      65,
      `error: Pod/web: /vault/secrets/a: ${told}`,
    ])
  })

  test.each([
    [['--data', 'data.yaml', '--vault'], 64, 'either --data FILE or --vault'],
    [[], 64, 'either --data FILE or --vault'],
    [['--data', 'none.yaml'], 65, 'ENOENT'],
    [['--vault'], 65, 'VAULT_ADDR and VAULT_TOKEN must be set'],
  ])('of the command line: %j', async (flags, code, message) => {
    const pod = manifest({ 'inject-secret-c': 'secret/data/app', 'inject-format-c': 'yaml' })
    const { status, stderr } = await render(pod, { flags })
    expect([status, stderr]).toEqual([code, expect.stringContaining(message)])
  })

  test.each([
    ['[', 'a YAML or JSON document'],
    ['a', 'a map of paths to maps'],
    ['a: b', 'a map of paths to maps'],
    ['secret/data/ap: {}', 'did you mean secret/data/ap?'],
  ])('of the data: %s', async (secrets, message) => {
    const pod = manifest({ 'inject-secret-c': 'secret/data/app', 'inject-format-c': 'yaml' })
    const { status, stderr } = await render(pod, { secrets })
    expect([status, stderr]).toEqual([65, expect.stringContaining(message)])
  })

  test.each([
    ['go', '{{ with secret "secret/data/app" }}{{ .Data.data.password.x }}{{ end }}'],
    ['go', '{{ with secret "secret/data/app" }}{{ base64Decode .Data.data.password }}{{ end }}'],
    [
      'go',
      '{{ with secret "secret/data/app" }}{{ with secret .Data.data.password }}{{ end }}{{ end }}',
    ],
    ['handlebars', '{{#secret "secret/data/app"}}{{data.password.x}}{{/secret}}'],
    ['handlebars', '{{#secret "secret/data/app"}}{{lookup data data.password}}{{/secret}}'],
    ['handlebars', '{{#secret "secret/data/app"}}{{base64Decode data.password}}{{/secret}}'],
  ])('never hold a value: %s %s', async (engine, template) => {
    const pod = manifest({ 'inject-template-c': template, 'template-engine-c': engine })
    const secrets = `secret/data/app: {password: ${canary.value}, token: ${canary.token}}`
    const { status, stderr } = await render(pod, { secrets })
    expect(status).toBe(65)
    expectClean(stderr)
  })
})
