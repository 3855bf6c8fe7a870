/** What a policy judges of the stores beside the pod's own Vault. */
import { parseReference } from '../../core/reference.ts'
import { settingsOf } from '../../core/stores/settings/store-settings.ts'
import type { PodStore, StoreOrigin } from '../inject/stores/pod-store.ts'
import type { Facts, JudgedValue } from './facts.ts'

type StoreFacts = Pick<Facts, 'stores'>

/** A path that a pod asks for, as one of its own Vault, of another store, or of both where that store is a Vault too. */
export function splitReference(value: JudgedValue, { stores }: StoreFacts): readonly JudgedValue[] {
  const { text } = value
  const { references } = stores.known
  if (references === undefined) return [value]
  if (text === undefined) {
    return stores.used.length === 0 ? [value] : [value, { ...value, subject: 'storePaths' }]
  }
  const parsed = parseReference(text, references)
  if (parsed.kind === 'issues') return [value]
  const { store, path } = parsed.value
  if (store === undefined) return [{ ...value, text: path }]
  // A path of theirs has no parameters: what follows its first question mark is a part of it.
  const whole = path.replaceAll('?', '%3F')
  const own: JudgedValue = { ...value, subject: 'storePaths', text: `${store}:${whole}` }
  const isVault = stores.known.find(store)?.settings.type === 'vault'
  return isVault ? [own, { ...value, text: whole }] : [own]
}

/** Of the stores that the pod uses: who describes them, their types, and where pod and namespace send its identity. */
export function listStoreValues({ stores: { used, uses } }: StoreFacts): readonly JudgedValue[] {
  return used.flatMap((store) => {
    const { settings, origin } = store
    const asking = uses.references.find(({ reference }) => reference.store === settings.name)?.path
    const isDescribed = origin === 'pod' || origin === 'namespace'
    const path = isDescribed ? store.path : (asking ?? store.path)
    const name = `${marks[origin]}${settings.name}`
    return [
      { subject: 'stores', path, text: name, byDefault: false },
      { subject: 'storeTypes', path, text: settings.type, byDefault: false },
      ...listGiven(store),
    ]
  })
}

const marks: Readonly<Record<StoreOrigin, string>> = {
  pod: 'pod:',
  namespace: 'namespace:',
  operator: '',
  type: 'type:',
}

/** What the operator says is the operator's own. */
function listGiven({ settings: { type }, given, path }: PodStore): readonly JudgedValue[] {
  const table = settingsOf(type)
  return Array.from(given).flatMap(([key, text]): readonly JudgedValue[] => {
    if (type === 'vault' && key === 'role')
      return [{ subject: 'roles', path, text, byDefault: false }]
    if (table[key]?.isDestination !== true) return []
    return readOrigins(text).map((origin) => ({
      subject: 'addresses',
      path,
      text: origin,
      byDefault: false,
    }))
  })
}

const databasePorts: Readonly<Record<string, string>> = {
  'postgresql:': '5432',
  'postgres:': '5432',
  'mysql:': '3306',
  'mariadb:': '3306',
}

/** A database as `https://HOST:PORT`; none for a socket or a file. Source: pg and mysql2, which take a host from the query too. */
function readOrigins(text: string): readonly string[] {
  if (/^https?:/i.test(text) || !URL.canParse(text)) return [text]
  const { protocol, hostname, port, searchParams } = new URL(text)
  const hosts = [hostname, ...searchParams.getAll('host')]
  const number = searchParams.get('port') ?? (port || databasePorts[protocol] || '443')
  return hosts
    .filter((host) => host !== '' && !host.startsWith('/'))
    .map((host) => `https://${host}:${number}`)
}
