/** What the demo shows, step by step, with everything it needs given. */
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { V1Container, V1Pod } from '@kubernetes/client-node'
import { admitPod, podOfDeployment, type WebhookAddress } from './admission.ts'
import {
  agentCommand,
  appCommand,
  createVolumes,
  type LocalPod,
  volumeFolder,
} from './local-pod.ts'
import type { Processes, Running } from './processes.ts'
import type { DemoStore } from './store.ts'

export interface Scenario {
  readonly root: string
  readonly store: DemoStore
  readonly webhook: WebhookAddress
  readonly processes: Processes
  /** Prints a line of the story. */
  readonly tell: (line: string) => void
}

const namespace = 'demo'
const example = 'manifests/examples/deployment.yaml'
const prefix = 'vault.hashicorp.com'

/** Secrets, a policy and a role whose tokens live so briefly that a renewal can be watched. */
export async function prepareStore({ store, tell }: Scenario): Promise<void> {
  const policy = { path: { [`${store.mount}/data/app/*`]: { capabilities: ['read'] } } }
  await store.write('sys/policies/acl/claviger-demo', { policy: JSON.stringify(policy) })
  const token = { token_policies: ['claviger-demo'], token_ttl: '6s', token_max_ttl: '1h' }
  const bound =
    store.authType === 'kubernetes'
      ? { bound_service_account_names: ['app'], bound_service_account_namespaces: [namespace] }
      : {
          role_type: 'jwt',
          user_claim: 'sub',
          bound_subject: `system:serviceaccount:${namespace}:app`,
          bound_audiences: [store.issuer.name],
        }
  await store.write(`${store.authPath}/role/app`, { ...token, ...bound })
  await writeSecret(store, 'database', { username: 'app', password: randomPassword() })
  await writeSecret(store, 'redis', { password: randomPassword() })
  tell(
    `store    ${store.description}: two secrets, one policy, role "app" for ServiceAccount "app"`,
  )
}

/** The example's pod as the webhook changes it. */
export async function injectPod({ store, webhook, tell }: Scenario): Promise<V1Pod> {
  const pod = podOfDeployment(example, {
    [`${prefix}/template-static-secret-render-interval`]: '1s',
    ...(store.authType === 'kubernetes'
      ? {}
      : { [`${prefix}/auth-type`]: store.authType, [`${prefix}/auth-path`]: store.authPath }),
  })
  const located = JSON.parse(
    JSON.stringify(pod).replaceAll('secret/data/app/', `${store.mount}/data/app/`),
  )
  const { pod: injected, operations, warnings } = await admitPod(webhook, located, namespace)
  tell(
    `webhook  ${example} sent as an AdmissionReview over TLS: allowed, ${operations} patch operations`,
  )
  for (const warning of warnings) tell(`webhook  warning: ${warning}`)
  return injected
}

/** Init agent, sidecar agent and app, in the order in which a kubelet starts them. */
export async function runPod(scenario: Scenario, pod: V1Pod): Promise<RunningPod> {
  const { root, store, processes, tell } = scenario
  const local: LocalPod = { pod, root, namespace }
  createVolumes(local)
  const jwt = await store.issuer.mint({ namespace, serviceAccount: 'app', ttl: 3600 })
  writeFileSync(join(volumeFolder(local, 'vault-agent-token'), 'token'), jwt.reveal(), {
    mode: 0o600,
  })

  const init = processes.start(
    agentCommand(local, container(pod.spec?.initContainers, 'vault-agent-init')),
  )
  const code = await init.exited
  if (code !== 0) throw new Error(`vault-agent-init ended with ${code}:\n${init.lines.join('\n')}`)
  tell(
    `pod      vault-agent-init: ${count(init, /logged in/)} login, ${count(init, /file written/)} files written, exit 0`,
  )

  const sidecar = processes.start(
    agentCommand(local, container(pod.spec?.containers, 'vault-agent')),
  )
  const command = appCommand(local, container(pod.spec?.containers, 'app'), '/vault/secrets')
  const app = processes.start(command)
  await app.waitFor(/REDIS_PASSWORD/)
  tell('pod      app sourced its secrets and sees (names and digests, never values):')
  for (const line of app.lines) tell(`           ${line}`)
  return { sidecar, app, secrets: command.environment['SECRETS_DIR'] ?? '' }
}

export interface RunningPod {
  readonly sidecar: Running
  readonly app: Running
  /** The folder that stands for /vault/secrets. */
  readonly secrets: string
}

/** A new password reaches the file, and the token is renewed; both within seconds. */
export async function showLife({ store, tell }: Scenario, { sidecar }: RunningPod): Promise<void> {
  const seen = sidecar.lines.length
  await writeSecret(store, 'database', { username: 'app', password: randomPassword() })
  tell('store    the password of "database" is changed')
  await sidecar.waitFor(/file written .*database/, seen)
  tell('pod      vault-agent read it again and rewrote the file database; redis stayed as it was')
  await sidecar.waitFor(/token renewed/)
  const logins = count(sidecar, /logged in/)
  tell(`pod      vault-agent renewed its token; logins of the sidecar: ${logins}`)
}

function writeSecret(
  store: DemoStore,
  name: string,
  data: Readonly<Record<string, string>>,
): Promise<void> {
  return store.write(`${store.mount}/data/app/${name}`, { data: new Map(Object.entries(data)) })
}

function randomPassword(): string {
  return randomBytes(16).toString('hex')
}

function container(containers: readonly V1Container[] | undefined, name: string): V1Container {
  const found = containers?.find((candidate) => candidate.name === name)
  if (found === undefined) throw new Error(`the injected pod has no container ${name}`)
  return found
}

function count({ lines }: Running, pattern: RegExp): number {
  return lines.filter((line) => pattern.test(line)).length
}
