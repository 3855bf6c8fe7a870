/** What to look at first where a store could not be asked, or did not answer as it was hoped. */
import type { Environment } from '../../core/environment.ts'
import type { AppError, ErrorCode } from '../../core/errors.ts'
import { type StoreSettings, settingOf } from '../../core/stores/settings/store-settings.ts'
import type { StoreTypeName } from '../../core/stores/settings/store-types.ts'

/** What may be a matter of who asks, or of where. */
const doubtful: ReadonlySet<ErrorCode> = new Set([
  'store_refused',
  'login_refused',
  'token_invalid',
  'credentials_unavailable',
  'store_unreachable',
])

/** Who asked and where, or where the settings are described, without a full stop; undefined where the error is about something else. */
export function adviseOn(
  { code }: AppError,
  settings: StoreSettings,
  environment: Environment,
): string | undefined {
  const { type } = settings
  if (code === 'config_invalid') {
    return `\`claviger stores ${type}\` lists its settings and the variables that stand in for them`
  }
  if (!doubtful.has(code)) return undefined
  const read = (key: string) => settingOf(settings, key, environment)
  const asker = askers[type]({ read, environment })
  const place = read(places[type])
  return [`asked as ${asker}`, ...(place === undefined ? [] : [`${places[type]} ${place}`])].join(
    ', ',
  )
}

interface Sources {
  readonly read: (key: string) => string | undefined
  readonly environment: Environment
}

/** Of each type the setting that says where it is. */
const places: Readonly<Record<StoreTypeName, string>> = {
  vault: 'address',
  aws: 'region',
  ssm: 'region',
  gcp: 'project',
  azure: 'vault_url',
  k8s: 'namespace',
  file: 'directory',
  db: 'table',
}

const askers: Readonly<Record<StoreTypeName, (sources: Sources) => string>> = {
  vault: ({ read, environment }) => {
    const role = read('role')
    if (role !== undefined) return `role ${role} (${read('auth') ?? 'kubernetes'})`
    const variable = read('token_variable') ?? 'VAULT_TOKEN'
    return has(environment, variable)
      ? `the token of ${variable}`
      : `the token of ~/.vault-token; ${variable} is not set`
  },
  aws: describeAws,
  ssm: describeAws,
  gcp: ({ read, environment }) => {
    const account = read('service_account')
    const suffix = account === undefined ? '' : `, acting as ${account}`
    if (read('provider') !== undefined) return `the workload of a token file${suffix}`
    return has(environment, 'GOOGLE_APPLICATION_CREDENTIALS')
      ? `the account of GOOGLE_APPLICATION_CREDENTIALS${suffix}`
      : `the account of this machine; GOOGLE_APPLICATION_CREDENTIALS is not set${suffix}`
  },
  azure: ({ read, environment }) => {
    const client = read('client_id') ?? 'no client_id'
    if (read('token_path') !== undefined) return `workload ${client}`
    return has(environment, 'AZURE_CLIENT_SECRET')
      ? `service principal ${client}`
      : `the managed identity of this machine, ${client}; AZURE_CLIENT_SECRET is not set`
  },
  k8s: ({ read }) =>
    read('server') === undefined ? 'the user of the kubeconfig’s context' : 'the token of a file',
  file: () => 'the user of this process',
  db: () => 'the user of the URL',
}

function describeAws({ read, environment }: Sources): string {
  if (has(environment, 'AWS_ACCESS_KEY_ID')) return 'the keys of AWS_ACCESS_KEY_ID'
  const role = read('role_arn')
  if (role !== undefined && read('token_path') !== undefined) return `${role} with a token file`
  return has(environment, 'AWS_CONTAINER_CREDENTIALS_FULL_URI')
    ? 'the role of AWS_CONTAINER_CREDENTIALS_FULL_URI'
    : 'the role of this machine; AWS_ACCESS_KEY_ID is not set'
}

function has(environment: Environment, name: string): boolean {
  return (environment[name] ?? '') !== ''
}
