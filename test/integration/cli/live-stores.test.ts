/** Templates that are rendered here with secrets of named stores. */
import { expect, test } from '@jest/globals'
import { secret, useSecretFolder } from './support/secret-folder.ts'

const { path, put, claviger } = useSecretFolder()

const pod = `kind: Pod
metadata:
  name: app
  annotations:
    claviger.dev/agent-inject: 'true'
    claviger.dev/role: app
    claviger.dev/agent-inject-secret-env: secret/data/none
    claviger.dev/agent-inject-template-env: |
      {{ with secret "dev:prod/db" }}{{ .Data.data.password }} {{ .Data.port }}{{ end }}
      {{ secret "dev:token" | toJSON | len }} {{ secret "dev:prod/db#user" }}
      {{ range secrets "dev:prod" }}{{ . }}{{ end }}
spec: {containers: [{name: app}]}
`
const rendered = new RegExp(`^${secret} 5432\\n\\d+ app\\ndb$`, 'm')

test('render reads the stores of the cluster’s list', async () => {
  put('pod.yaml', pod)
  put('stores.yaml', `dev: file directory=${path()}`)
  const args = ['render', '-vault', `${path()}/pod.yaml`]
  const flag = `-stores=${path()}/stores.yaml`
  const { status, stdout, stderr } = await claviger([...args, flag])
  expect([status, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(rendered)
  const environment = { CLAVIGER_STORES: `${path()}/stores.yaml` }
  expect((await claviger(args, { environment })).stdout).toBe(stdout)
})

test('render reads a store that only its command line names, and warns that no pod could', async () => {
  put('pod.yaml', pod)
  const store = `-store=dev=file directory=${path()}`
  const { status, stdout, stderr } = await claviger([
    'render',
    '-vault',
    store,
    `${path()}/pod.yaml`,
  ])
  expect(status).toBe(0)
  expect(stderr).toContain('names no store that is known')
  expect(stdout).toMatch(rendered)
})

test('render refuses a store that its command line names twice', async () => {
  put('pod.yaml', pod)
  const stores = ['here', 'there'].map((name) => `-store=dev=file directory=${path()}/${name}`)
  const { status, stderr } = await claviger(['render', '-vault', ...stores, `${path()}/pod.yaml`])
  expect(status).toBe(64)
  expect(stderr).toContain('-store dev: expected each name once')
})

test('render knows the stores that a pod describes, and asks them as whoever renders', async () => {
  const own = `claviger.dev/store-dev: file directory=${path()}`
  const file = 'claviger.dev/agent-inject-secret-token: dev:token'
  const described = [own, file].map((line) => `    ${line}\n`).join('')
  put(
    'pod.yaml',
    pod.replace('  annotations:\n', (line) => line + described),
  )
  const { status, stdout, stderr } = await claviger(['render', '-vault', `${path()}/pod.yaml`])
  expect([status, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(rendered)
  expect(stdout).toContain(`==> /vault/secrets/token (Pod/app) <==\n${secret}\n`)
})

test('under the profile of vault-k8s a path has no prefix', async () => {
  put('pod.yaml', pod.replaceAll('claviger.dev', 'vault.hashicorp.com'))
  const store = `-store=dev=file directory=${path()}`
  const args = ['render', '-vault', '-profile=vault-k8s', store, `${path()}/pod.yaml`]
  const { status, stdout, stderr } = await claviger(args)
  expect([status, stdout]).toEqual([65, ''])
  expect(stderr).toContain('VAULT_ADDR and VAULT_TOKEN must be set')
})

const line = (template: string) => `${JSON.stringify({ id: 'a', template })}\n`
const run = ['template', 'run', '-jsonl']

test('template run reads stores that are named on the command line', async () => {
  const input = line('{{ with secret "file:prod/db" }}{{ .Data.password }}{{ end }}')
  const { stdout } = await claviger([...run, '-store=file'], { input })
  const { output_b64: output } = JSON.parse(stdout)
  expect(Buffer.from(output, 'base64').toString()).toBe(secret)
})

test('template run knows no store by itself', async () => {
  const input = line('{{ with secret "file:token" }}{{ .Data.value }}{{ end }}')
  expect((await claviger(run, { input })).stdout).toContain(
    'VAULT_ADDR and VAULT_TOKEN must be set',
  )
})

test.each<[string, string]>([
  ['file:none', 'no secret exists at none'],
  ['file:prod/db#pasword', 'password'],
])('template run says what is wrong with %s', async (reference, message) => {
  const input = line(`{{ secret "${reference}" }}`)
  const { status, stdout } = await claviger([...run, '-store=file'], { input })
  expect([status, stdout]).toEqual([0, expect.stringContaining(message)])
})

test.each([run, ['render', '-vault']])('%j refuses a store that is none', async (...words) => {
  const { status, stderr } = await claviger([...words, '-store=dev=flie'])
  expect([status, stderr]).toEqual([64, expect.stringContaining('did you mean file?')])
})
