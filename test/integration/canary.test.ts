/** Markers planted in every secret place (the parts of the guard and of the command line are in webhook/ and cli/); every flow run at the most verbose level with forced failures; every output searched. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Processes, type Running } from '../../cli/demo/processes.ts'
import { startWebhook } from '../../cli/demo/webhook.ts'
import { AgentFolder, jwt } from '../support/agent-process.ts'
import { canary, expectClean } from '../support/canary.ts'
import { failingTemplates } from '../support/canary-templates.ts'
import {
  kvBody,
  type Script,
  type ScriptedAnswer,
  startScriptedVault,
} from '../support/scripted-vault.ts'
import { send } from './webhook/support/certificates.ts'

const { value, token, body } = canary

const login: ScriptedAnswer = {
  status: 200,
  body: { auth: { client_token: token, lease_duration: 4, renewable: true } },
}

describe('the agent', () => {
  const secret = '{{ with secret "secret/data/app" }}'
  test.each<[string, string | object, (path: string) => ScriptedAnswer | undefined]>([
    [
      'renders, renews and re-reads',
      `${secret}{{ .Data.data.password }}{{ end }}`,
      () => undefined,
    ],
    ['fails on a field', `${secret}{{ .Data.data.password.inner }}{{ end }}`, () => undefined],
    ['fails on an index', `${secret}{{ index .Data.data.password 99 }}{{ end }}`, () => undefined],
    [
      'fails to decode',
      `${secret}{{ base64Decode .Data.data.password }}{{ end }}`,
      () => undefined,
    ],
    ...failingTemplates(secret, value),
    ['fails to compare', `${secret}{{ lt .Data.data.password 1 }}{{ end }}`, () => undefined],
    [
      'asks for a path that is a value',
      `${secret}{{ with secret .Data.data.password }}{{ end }}{{ end }}`,
      (path) => (path.includes(value) ? { status: 404 } : undefined),
    ],
    ['is refused the login', 'x', () => ({ status: 400, body: { errors: [body, jwt] } })],
    [
      'is refused the read',
      `${secret}{{ end }}`,
      (path) =>
        path.startsWith('secret/') ? { status: 403, body: { errors: [body, token] } } : undefined,
    ],
    [
      'is refused the renewal',
      `${secret}{{ .Data.data.password }}{{ end }}`,
      (path) =>
        path.includes('renew-self') ? { status: 403, body: { errors: [body, token] } } : undefined,
    ],
    [
      'gets an answer cut off',
      `${secret}{{ end }}`,
      (path) => (path.startsWith('secret/') ? 'cut' : undefined),
    ],
    [
      'gets no JSON',
      `${secret}{{ end }}`,
      (path) =>
        path.startsWith('secret/') ? { status: 200, body: `<html>${body}${value}` } : undefined,
    ],
    [
      'gets JSON that is no object',
      `${secret}{{ end }}`,
      (path) => (path.startsWith('secret/') ? { status: 200, body: [value] } : undefined),
    ],
    [
      'fails in a handlebars template',
      {
        engine: 'handlebars',
        contents: '{{#secret "secret/data/app"}}{{data.password.x}}{{/secret}}',
      },
      () => undefined,
    ],
    [
      'looks up a value in a handlebars template',
      {
        engine: 'handlebars',
        contents: '{{#secret "secret/data/app"}}{{lookup data data.password}}{{/secret}}',
      },
      () => undefined,
    ],
    [
      'has a format that the value does not fit',
      { format: 'dotenv', secret: 'secret/data/app' },
      (path) =>
        path.startsWith('auth/') ? undefined : kvBody({ password: `${value}'"\`${value}\r` }),
    ],
    [
      'has a format for other keys',
      { format: 'raw', secret: 'secret/data/app' },
      (path) => (path.startsWith('auth/') ? undefined : kvBody({ a: value, b: value })),
    ],
    [
      'misses its deadline',
      `${secret}{{ end }}`,
      (path) =>
        path.startsWith('secret/') ? { status: 403, body: { errors: [body, token] } } : undefined,
    ],
    ['cannot write', `${secret}{{ .Data.data.password }}{{ end }}`, () => undefined],
  ])('%s', async (name, template, trouble) => {
    const script: Script = ({ path }) =>
      trouble(path) ?? (path.startsWith('auth/') ? login : kvBody({ password: value }))
    const store = await startScriptedVault(script)
    const folder = new AgentFolder()
    try {
      const destination = name === 'cannot write' ? folder.secrets : join(folder.secrets, 'app')
      const agent = folder.start(
        folder.config(store.address, {
          template: [
            { destination, ...(typeof template === 'string' ? { contents: template } : template) },
          ],
          template_config: { static_secret_render_interval: '1s' },
          ...(name === 'misses its deadline'
            ? { exit_after_auth: true, claviger: { init_deadline: '1s' } }
            : {}),
        }),
      )
      const fails = name.startsWith('renders')
        ? /token renewed/
        : name === 'misses its deadline'
          ? /code=deadline_exceeded/
          : /code=/
      await agent.waitFor(fails)
      await agent.stop()
      expectClean(agent.lines.join('\n'))
    } finally {
      await folder.remove()
      await store.close()
    }
  })
})

describe.each(['claviger', 'vault-k8s'])('the webhook in profile %s', (profile) => {
  const processes = new Processes()
  const root = mkdtempSync(join(tmpdir(), 'claviger-canary-'))
  let webhook: Awaited<ReturnType<typeof startWebhook>>
  let metricsAddress = ''
  beforeAll(async () => {
    const storeAddress = 'https://vault.test:8200'
    const policyFile = join(root, 'policy.yaml')
    writeFileSync(policyFile, policy)
    webhook = await startWebhook(processes, {
      root,
      now: Date.now(),
      storeAddress,
      logLevel: 'trace',
      flags: [
        `-policy-file=${policyFile}`,
        `-profile=${profile}`,
        '-log-format=json',
        '-metrics-listen=127.0.0.1:0',
      ],
    })
    const line = await webhook.running.waitFor(/metrics are served/)
    metricsAddress = JSON.parse(line).address
  })
  afterAll(async () => {
    await processes.stopAll()
    rmSync(root, { recursive: true })
  })

  const prefix = 'vault.hashicorp.com'
  // Each mode has a word about everything; namespace demo is where the other cases are.
  const everything = `roles: { allow: [x] }, addresses: { allow: ['https://x'] }, images: { allow: [x] }, commands: { allow: [x] },
    paths: { allow: [x] }, annotations: { deny: ['class:gated'], lock: [service, agent-image] }`
  const judge = (mode: string) =>
    `{ name: ${mode}, mode: ${mode}, namespaces: { names: [${mode}] }, ${everything} }`
  const policy = `rules: [${['audit', 'warn', 'enforce'].map(judge).join()}]`
  const judged = {
    // The one value of an annotation that the audit line has.
    [`${prefix}/role`]: 'app',
    [`${prefix}/service`]: `https://${value}.test`,
    [`${prefix}/agent-image`]: value,
    [`${prefix}/agent-inject-secret-x`]: value,
    [`${prefix}/agent-inject-command-x`]: value,
  }
  // Profile vault-k8s logs in with the token of the app.
  const volumeMounts = [{ name: 't', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' }]
  const volumes = [{ name: 't', projected: { sources: [{ serviceAccountToken: { path: 't' } }] } }]
  const app = { name: 'app', volumeMounts }
  const pod = (annotations: object) => ({
    metadata: { name: 'p', annotations: { [`${prefix}/agent-inject`]: 'true', ...annotations } },
    spec: { containers: [{ ...app, env: [{ name: 'LEGACY', value }], args: [token] }], volumes },
  })
  const review = (object: object, namespace = 'demo') =>
    JSON.stringify({
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      request: {
        uid: 'u',
        kind: { group: '', version: 'v1', kind: 'Pod' },
        operation: 'CREATE',
        namespace,
        userInfo: { username: 'alice', groups: [token], extra: { note: [value] } },
        object,
        oldObject: { note: body },
      },
    })

  const role = { [`${prefix}/role`]: 'app' }
  const file = { [`${prefix}/agent-inject-file-x`]: `/../${value}` }
  const service = (address: string) => ({ [`${prefix}/service`]: address })
  test.each([
    ['injects', review(pod(role)), true],
    ['denies', review(pod({ ...file, ...service(value) })), true],
    [
      'denies two prefixes',
      review(pod({ ...role, ...service(value), 'claviger.dev/service': token })),
      true,
    ],
    ['denies what the policy does not allow', review(pod(judged), 'enforce'), true],
    [
      'denies an address that is not a store’s',
      review(pod({ ...role, ...service(`https://${value}.localhost`) })),
      true,
    ],
    ['denies a pod that is none', review({ spec: { containers: value, hostPID: token } }), true],
    ['refuses what is not JSON', `{"${value}`, false],
    ['refuses what is no review', JSON.stringify({ kind: value, request: token }), false],
    ['refuses what is YAML or nothing', `${value}: ${token}`, false],
    ['refuses a key twice', `{"${value}":1,"${value}":2}`, false],
    ['refuses deep nesting', `{"${value}":${'['.repeat(100)}`, false],
  ])('%s without repeating what it was given', async (_, text, isReview) => {
    const answer = await post(text)
    expect(answer.status === 200).toBe(isReview)
    const { response } = isReview ? JSON.parse(answer.text) : { response: answer.text }
    // What the pod says is in a patch, as it has to be; the default profile takes none of these.
    if (profile === 'claviger') expectClean(Buffer.from(response.patch ?? '', 'base64').toString())
    expectClean(JSON.stringify({ ...response, patch: undefined }))
    expectClean(linesOf(webhook.running))
    expectClean(await (await fetch(`http://${metricsAddress}/metrics`)).text())
  })

  test.each(['audit', 'warn'])(
    'tells in mode %s what it found, and not in which words',
    async (mode) => {
      const { text } = await post(review(pod(judged), mode))
      const { response } = JSON.parse(text)
      expect(response.allowed).toBe(true)
      // What the pod says is in the patch, as it has to be; it is nowhere else.
      expectClean(JSON.stringify({ ...response, patch: undefined }))
      await webhook.running.waitFor(new RegExp(`${mode}:${mode}/roles`))
      expectClean(linesOf(webhook.running))
    },
  )

  async function post(text: string): Promise<{ readonly status: number; readonly text: string }> {
    const { status, body: answer } = await send(`127.0.0.1:${webhook.port}`, '/mutate', {
      servername: 'localhost',
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
      ca: webhook.ca,
      body: text,
    })
    return { status, text: answer }
  }
})

function linesOf({ lines }: Running): string {
  return lines.join('\n')
}
