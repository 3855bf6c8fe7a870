/** Keys that live as long as nobody changes them: right on a developer's machine, and worth a warning in a pod, which has an identity of its own. */
import type { Environment } from '../../core/environment.ts'
import { isObject } from '../../core/plain-object.ts'
import {
  type StoreSettings,
  settingOf,
  settingsOf,
} from '../../core/stores/settings/store-settings.ts'

export interface StaticKey {
  readonly store: string
  /** The variable or setting. */
  readonly source: string
}

/** A file's text; undefined where it cannot be read. */
export type ReadText = (path: string) => string | undefined

/** Those that `stores` would go by, in a pod; none elsewhere. */
export function findStaticKeys(
  stores: Iterable<StoreSettings>,
  environment: Environment,
  readText: ReadText,
): readonly StaticKey[] {
  if (!environment['KUBERNETES_SERVICE_HOST']) return []
  return [...stores].flatMap((settings) => {
    const key = findKey(settings, environment, readText)
    const sources = [...(key === undefined ? [] : [key]), ...localSettings(settings)]
    return sources.map((source) => ({ store: settings.name, source }))
  })
}

function findKey(
  settings: StoreSettings,
  environment: Environment,
  readText: ReadText,
): string | undefined {
  const identity = settings.values.get('identity')
  const mayBe = (name: string) => identity === undefined || identity === name
  switch (settings.type) {
    case 'aws':
    case 'ssm':
      return mayBe('environment') ? namedIn(environment, 'AWS_SECRET_ACCESS_KEY') : undefined
    case 'azure': {
      const hasToken = settingOf(settings, 'token_path', environment) !== undefined
      const isUsed = identity === undefined ? !hasToken : identity === 'service-principal'
      return isUsed ? namedIn(environment, 'AZURE_CLIENT_SECRET') : undefined
    }
    case 'gcp': {
      const isUsed = mayBe('credentials') && !settings.values.has('provider')
      const path = environment['GOOGLE_APPLICATION_CREDENTIALS']
      const text = isUsed && path ? readText(path) : undefined
      return text !== undefined && isServiceAccount(text)
        ? 'GOOGLE_APPLICATION_CREDENTIALS'
        : undefined
    }
    case 'vault': {
      const variable = settings.values.get('token_variable') ?? 'VAULT_TOKEN'
      return settings.values.get('auth') === 'token' ? namedIn(environment, variable) : undefined
    }
    default:
      return undefined
  }
}

function namedIn(environment: Environment, name: string): string | undefined {
  return environment[name] ? name : undefined
}

/** The key of a service account, as opposed to a description of how to federate. */
function isServiceAccount(text: string): boolean {
  try {
    const json: unknown = JSON.parse(text)
    return isObject(json) && json['type'] === 'service_account'
  } catch {
    return false
  }
}

function localSettings({ type, values }: StoreSettings): readonly string[] {
  const table = settingsOf(type)
  return [...values]
    .filter(([key, value]) => table[key]?.isLocal === true && value.toLowerCase() !== 'false')
    .map(([key]) => key)
}
