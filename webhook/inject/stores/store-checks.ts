/** What keeps a store from working in a pod, and what should not be there. */
import { type StoreSettings, settingsOf } from '../../../core/stores/settings/store-settings.ts'
import type { StoreTypeName } from '../../../core/stores/settings/store-types.ts'

/** Settings that a type cannot do without in a pod; one of each list. */
const needed: Readonly<Record<StoreTypeName, readonly (readonly string[])[]>> = {
  vault: [['address']],
  aws: [],
  ssm: [],
  gcp: [],
  azure: [['vault_url']],
  k8s: [],
  file: [['directory']],
  db: [['url', 'url_path']],
}

/** What stands in for an identity of the pod, by setting and value, and what the agent then has to hold. */
const staticIdentities: readonly (readonly [string, string])[] = [
  ['identity', 'environment'],
  ['identity', 'service-principal'],
  ['identity', 'credentials'],
  ['auth', 'token'],
]

/** Variables that hold a secret which is none of the pod's own identity. */
const staticVariables = [
  'AWS_SECRET_ACCESS_KEY',
  'AZURE_CLIENT_SECRET',
  'GOOGLE_APPLICATION_CREDENTIALS',
  'VAULT_TOKEN',
]

/** The settings that are missing, each as the choice that there is; `url or url_path` for one. */
export function findMissing({ type, values }: StoreSettings): readonly string[] {
  return [...needed[type], ...needIdentity(type, values)]
    .filter((choice) => choice.every((key) => !values.has(key)))
    .map((choice) => choice.join(' or '))
}

function needIdentity(
  type: StoreTypeName,
  values: StoreSettings['values'],
): readonly (readonly string[])[] {
  if (type === 'gcp' && values.get('identity') === 'federation') return [['provider']]
  const asksForRole = type === 'vault' && (values.get('auth') ?? 'kubernetes') === 'kubernetes'
  return asksForRole ? [['role']] : []
}

/** Undefined for a URL without one: whoever may read pods or the webhook's arguments would read it. */
export function findPassword({ type, values }: StoreSettings): string | undefined {
  const url = values.get('url') ?? ''
  if (type !== 'db' || !URL.canParse(url) || new URL(url).password === '') return undefined
  return 'url without a password; it belongs into a file, url_path or password_path'
}

/** Settings for development on one's own machine, and static keys. */
export function listLocal(settings: StoreSettings): readonly string[] {
  const table = settingsOf(settings.type)
  return Array.from(settings.values).flatMap(([key, value]) => {
    const isOn = !/^false$/i.test(value)
    if (table[key]?.isLocal === true && isOn)
      return [`${key} is for development on one’s own machine`]
    const isStatic = staticIdentities.some(([name, word]) => name === key && word === value)
    return isStatic
      ? [`${key}=${value} needs a static key, which an identity of the pod does not`]
      : []
  })
}

/** The names of static keys in a JSON Patch of the agent's container. */
export function findStaticVariables(patch: string): readonly string[] {
  return staticVariables.filter((name) => patch.includes(`"${name}"`))
}
