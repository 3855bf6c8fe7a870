/** Examines the login of a pod: its role as the user may read it, and what comes of logging in as the pod would. */
import { AppError } from '../../core/errors.ts'
import { Secret } from '../../core/secret.ts'
import { endpointOf } from '../../core/vault/endpoint.ts'
import type { PodAgent } from '../cluster/pod-agent.ts'
import type { Examination, Subject } from './examination.ts'
import { type Account, logIn, requestToken } from './login.ts'
import { attempt, failed, passed, type Result, skipped } from './result.ts'
import { describeRole, examineRole } from './role.ts'
import { examinePaths } from './secret-paths.ts'
import type { StoreConnection, StoreOptions } from './store-client.ts'

/** An agent and its store. */
export interface Login {
  readonly examination: Examination
  readonly subject: Subject
  readonly agent: PodAgent
  readonly store: StoreConnection
}

export async function examineLogin(
  login: Login,
  options: StoreOptions,
): Promise<readonly Result[]> {
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
  // Roles of jwt have other fields.
  const role = method.kind === 'kubernetes' ? await examineOwn(login.store, entry, options) : []
  if (!options.mayLogIn) return [...role, skipped('login-refused', '-no-login is given')]
  const tried = await attempt(['login-refused', 'path-forbidden'], () => tryLogin(login, entry))
  return [...role, ...withoutRepeats(tried, role)]
}

interface Entry {
  readonly mount: string
  readonly role: string
  readonly account: Account
}

/** With the user's own token, which must not go where an annotation of a pod says. */
async function examineOwn(
  store: StoreConnection,
  entry: Entry,
  { variables, address }: StoreOptions,
): Promise<readonly Result[]> {
  const token = variables['VAULT_TOKEN']
  if (token === undefined || token === '') return []
  const trusted = [address, variables['VAULT_ADDR']].map((place) => place && endpointOf(place))
  if (trusted.includes(endpointOf(store.place.address))) {
    return examineRole(store, { ...entry, token: new Secret(token) })
  }
  const reason = `VAULT_TOKEN is shown to VAULT_ADDR and -vault-address alone, and the pod names ${store.place.address}`
  return [skipped('role-too-wide', reason)]
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
