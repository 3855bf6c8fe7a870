/** Examines a role of an auth method, with a token of the user's that may read it. */
import { AppError } from '../../core/errors.ts'
import type { JsonObject } from '../../core/json.ts'
import type { Secret } from '../../core/secret.ts'
import { matchGlob } from '../../webhook/policy/glob.ts'
import type { Account } from './login.ts'
import { failed, judge, type Result, skipped } from './result.ts'
import type { StoreConnection } from './store-client.ts'

export interface RoleQuestion {
  readonly mount: string
  readonly role: string
  readonly account: Account
  /** VAULT_TOKEN. */
  readonly token: Secret
}

export async function examineRole(
  store: StoreConnection,
  { mount, role, account, token }: RoleQuestion,
): Promise<readonly Result[]> {
  const path = `${mount}/role/${role}`
  try {
    const namespace = store.place.loginNamespace
    const scope = namespace === undefined ? {} : { namespace }
    const answer = await store.client.read(path, { token, ...scope })
    const data = answer.get('data')
    return data instanceof Map ? judgeRole(data, { path, account }) : []
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown
    if (thrown.code === 'secret_missing') {
      const command = describeRole(path, account)
      return [failed('role-missing', { subject: path, detail: '', command })]
    }
    return [skipped('role-not-bound', `VAULT_TOKEN: ${thrown.message}`)]
  }
}

/** The command that makes or widens the role. */
export function describeRole(path: string, { serviceAccount, namespace }: Account): string {
  return `vault write ${path} bound_service_account_names=${serviceAccount} bound_service_account_namespaces=${namespace} token_policies=POLICY`
}

interface RolePlace {
  readonly path: string
  readonly account: Account
}

function judgeRole(data: JsonObject, { path, account }: RolePlace): readonly Result[] {
  const names = listTexts(data, 'bound_service_account_names')
  const namespaces = listTexts(data, 'bound_service_account_namespaces')
  const audience = data.get('audience')
  const bySelector = Boolean(data.get('bound_service_account_namespace_selector'))
  const has = (list: readonly string[], name: string) =>
    list.some((pattern) => matchGlob(pattern, name))
  const unbound = [
    ...(has(names, account.serviceAccount) ? [] : [`ServiceAccount ${account.serviceAccount}`]),
    ...(bySelector || has(namespaces, account.namespace) ? [] : [`namespace ${account.namespace}`]),
  ]
  const wide = [
    ...(names.includes('*') ? ['names'] : []),
    ...(namespaces.includes('*') ? ['namespaces'] : []),
  ]
  const wanted = typeof audience === 'string' && audience !== '' ? audience : undefined
  const isWrong = wanted !== undefined && account.audience !== wanted
  return [
    ...judge(
      'role-not-bound',
      unbound.map((what) =>
        failed('role-not-bound', {
          subject: path,
          detail: what,
          command: describeRole(path, account),
        }),
      ),
    ),
    ...judge(
      'role-too-wide',
      wide.map((what) =>
        failed('role-too-wide', { subject: path, detail: `bound_service_account_${what} has *` }),
      ),
    ),
    ...judge(
      'audience-wrong',
      isWrong ? [failed('audience-wrong', { subject: path, detail: `it wants ${wanted}` })] : [],
    ),
  ]
}

function listTexts(data: JsonObject, name: string): readonly string[] {
  const value = data.get(name)
  return Array.isArray(value) ? value.map(String) : []
}
