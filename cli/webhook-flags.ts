/** The webhook's flags on the command line: same names, same values, same variables, read by the webhook's own function. */
import type { FlagRow, FlagTable, Variables } from '../core/go-flags.ts'
import type { Parsed } from '../core/issue.ts'
import { readConfig } from '../webhook/config/config.ts'
import { type Flag, flags, isSwitch } from '../webhook/config/flags.ts'
import type { WebhookDefaults } from '../webhook/inject/profiles.ts'
import { readStoreListText } from './store-list-file.ts'

/** Flags that say how the webhook serves, and nothing of the pods. */
const servingFlags: readonly Flag<unknown>[] = [
  flags.listen,
  flags.logLevel,
  flags.logFormat,
  flags.tlsCertFile,
  flags.tlsKeyFile,
  flags.tlsAuto,
  flags.tlsAutoHosts,
  flags.tlsAutoSecret,
  flags.tlsCaSettle,
  flags.namespace,
  flags.drainDelay,
  flags.policyFile,
  flags.vaultCaFile,
  flags.watchNamespaces,
  flags.telemetryPath,
  flags.metricsListen,
  flags.useLeaderElector,
  flags.tlsCaCertFile,
  flags.tlsMinVersion,
  flags.tlsCipherSuites,
  flags.podName,
]

/** What the pods are given when nobody says where the store is. */
const usualAddress = 'https://vault.vault.svc:8200'

const rows: readonly Flag<unknown>[] = Object.values(flags)

/** The rows that decide what pods get. */
const podRows: readonly Flag<unknown>[] = rows.filter((row) => !servingFlags.includes(row))

/** Those of them that are flags. */
export const podFlagRows: readonly Flag<unknown>[] = podRows.filter((row) => !row.isVariable)

/** The same for the command line's parser and help. */
export const podFlags: FlagTable = Object.fromEntries(
  podFlagRows.map((row): [string, FlagRow] => [row.name, describeRow(row)]),
)

/**
 * The webhook's defaults from `given` flags and, where one is absent, its variable. The store's address may come from VAULT_ADDR too.
 * Issue codes: those of `readConfig`.
 */
export function readPodDefaults(
  given: ReadonlyMap<string, string>,
  variables: Variables,
): Parsed<WebhookDefaults> {
  const open = podRows.filter(({ name }) => !given.has(name))
  const names = open.flatMap((row) => row.variables)
  const environment = Object.fromEntries(names.map((name) => [name, variables[name]]))
  const stores = readStoreListText(given.get(flags.stores.name) ?? '')
  if (stores.kind === 'issues') return stores
  const all = new Map([
    [flags.vaultAddress.name, variables['VAULT_ADDR'] || usualAddress],
    ...given,
    ...(given.has(flags.stores.name) ? [[flags.stores.name, stores.value] as const] : []),
  ])
  const config = readConfig(
    [...all, ...servedNowhere].map(([name, value]) => `-${name}=${value}`),
    environment,
  )
  return config.kind === 'ok' ? { kind: 'ok', value: config.value.defaults } : config
}

/** The webhook insists on a certificate; nothing here is served. */
const servedNowhere: readonly (readonly [string, string])[] = [
  [flags.tlsCertFile.name, 'none'],
  [flags.tlsKeyFile.name, 'none'],
]

function describeRow(row: Flag<unknown>): FlagRow {
  const more = row === flags.stores ? '; here a file of YAML or JSON as well' : ''
  const help =
    row.doc.replace(/\.$/, '').replace('. Required', '') + more + describeDefault(row.default)
  return { kind: isSwitch(row) ? 'boolean' : 'text', help, variable: row.env }
}

/** What the webhook must be told has a default here. */
function describeDefault(text: string | undefined): string {
  if (text === undefined) return `; default VAULT_ADDR, else ${usualAddress}`
  return text === '' ? '' : `; default ${text}`
}
