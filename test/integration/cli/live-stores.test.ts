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

test('render reads named stores', async () => {
  put('pod.yaml', pod)
  const store = `-store=dev=file directory=${path()}`
  const args = ['render', '-vault', store, `${path()}/pod.yaml`]
  const { status, stdout, stderr } = await claviger(args)
  expect([status, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(rendered)
  put('stores.yaml', `dev: file directory=${path()}`)
  const environment = { CLAVIGER_STORES: 'stores.yaml' }
  const listed = await claviger(['render', '-vault', `${path()}/pod.yaml`], { environment })
  expect(listed.stdout).toMatch(rendered)
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
