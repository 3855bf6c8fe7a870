/** Examines the store from the pod's side: whether it answers, lets the pod in, and gives it what it asks for. */
import { AppError } from '../../core/errors.ts'
import type { Variables } from '../../core/go-flags.ts'
import { Secret } from '../../core/secret.ts'
import { type PodAgent, readPodAgent } from '../cluster/pod-agent.ts'
import type { PodState } from '../status/read-pods.ts'
import type { CheckId } from './checks.ts'
import type { Examination, Subject } from './examination.ts'
import { type Account, logIn, requestToken } from './login.ts'
import { attempt, failed, passed, type Result, skipped } from './result.ts'
import { describeRole, examineRole } from './role.ts'
import { examinePaths } from './secret-paths.ts'
import {
  connectStore,
  describePlace,
  type StoreConnection,
  type StorePlace,
} from './store-client.ts'
import { examineHealth } from './store-health.ts'
import { injectPod, viewNamespace } from './subject.ts'

export interface StoreOptions {
  readonly variables: Variables
  /** In the place of the agent's. */
  readonly address: string | undefined
  /** Whether tokens may be asked for. */
  readonly mayLogIn: boolean
  /** Agents that use the store. */
  readonly states: readonly PodState[]
}

/** Without a subject the store of the webhook's defaults is asked for its health alone. */
export async function examineStore(
  examination: Examination,
  subject: Subject | undefined,
  options: StoreOptions,
): Promise<readonly Result[]> {
  const checks: readonly CheckId[] = ['store-unreachable']
  return attempt(checks, async () => {
    if (subject === undefined) return examineDefault(examination, options)
    const view = await viewNamespace(examination.cluster, subject.namespace)
    const pod = injectPod(subject.pod, view, examination)
    const agent =
      pod === undefined
        ? { kind: 'unknown' as const, reason: 'the webhook would not inject the pod' }
        : await readPodAgent(pod)
    if (agent.kind === 'unknown') return [skipped('store-unreachable', agent.reason)]
    const place = describePlace(agent.value.config, options.address)
    const store = connectStore(place, options.variables)
    const health = await examineHealth(store, options.states)
    if (!health.usable) return health.results
    const found = await examineLogin({ examination, subject, agent: agent.value, store }, options)
    return [...health.results, ...found]
  })
}

async function examineDefault(
  { defaults, knowsDefaults }: Examination,
  { address, variables, states }: StoreOptions,
): Promise<readonly Result[]> {
  if (!knowsDefaults && address === undefined) {
    return [
      skipped(
        'store-unreachable',
        'the arguments of the webhook are not known; -vault-address names a store',
      ),
    ]
  }
  const place: StorePlace = {
    address: address ?? defaults.address,
    namespace: undefined,
    loginNamespace: undefined,
    ca: defaults.caCert,
    caInPod: undefined,
    serverName: undefined,
    skipVerify: false,
  }
  return (await examineHealth(connectStore(place, variables), states)).results
}

interface Login {
  readonly examination: Examination
  readonly subject: Subject
  readonly agent: PodAgent
  readonly store: StoreConnection
}

async function examineLogin(login: Login, options: StoreOptions): Promise<readonly Result[]> {
  const { agent, subject } = login
  const { auth } = agent.config
  const method = auth?.method
  if (auth === undefined || (method?.kind !== 'kubernetes' && method?.kind !== 'jwt')) {
    return [skipped('login-refused', 'only the methods kubernetes and jwt can be tried from here')]
  }
  const account: Account = {
    namespace: subject.namespace,
    serviceAccount: subject.pod.spec?.serviceAccountName ?? 'default',
    audience: agent.audience,
  }
  const entry = { mount: auth.mountPath, role: method.role, account }
  const own = options.variables['VAULT_TOKEN']
  const role =
    own === undefined || own === '' || method.kind === 'jwt'
      ? []
      : await examineRole(login.store, { ...entry, token: new Secret(own) })
  if (!options.mayLogIn) return [...role, skipped('login-refused', '-no-login is given')]
  const tried = await attempt(['login-refused', 'path-forbidden'], () => tryLogin(login, entry))
  return [...role, ...withoutRepeats(tried, role)]
}

interface Entry {
  readonly mount: string
  readonly role: string
  readonly account: Account
}

async function tryLogin(
  { examination, agent, store }: Login,
  { mount, role, account }: Entry,
): Promise<readonly Result[]> {
  const jwt = await requestToken(examination.cluster, account)
  const outcome = await logIn(store, { mount, role, jwt })
  if (outcome.kind === 'refused') {
    const path = `${mount}/role/${role}`
    const who = `ServiceAccount ${account.namespace}/${account.serviceAccount}`
    const audience = `audience ${account.audience ?? 'of the API server'}`
    const detail = [outcome.detail, who, audience].filter((part) => part !== '').join(', ')
    const isRole = outcome.check === 'role-missing' || outcome.check === 'role-not-bound'
    const command = isRole ? { command: describeRole(path, account) } : {}
    return [failed(outcome.check, { subject: isRole ? path : mount, detail, ...command })]
  }
  const { token } = outcome
  const { client } = store
  try {
    const paths = { client, token, files: agent.files, role, now: examination.now }
    return [passed('login-refused', `role ${role}`), ...(await examinePaths(paths))]
  } finally {
    await client.write('auth/token/revoke-self', new Map(), { token }).catch(ignoreRefusal)
  }
}

/** The token ends by itself soon enough. */
function ignoreRefusal(thrown: unknown): void {
  if (!(thrown instanceof AppError)) throw thrown
}

/** What the role says already need not be said by its refusal again. */
function withoutRepeats(results: readonly Result[], role: readonly Result[]): readonly Result[] {
  const told = role.filter(({ kind }) => kind === 'failed').map(({ check }) => check)
  return results.filter(({ check }) => !told.includes(check))
}
