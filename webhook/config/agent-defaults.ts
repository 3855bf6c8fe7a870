/** What applies to every pod, out of flags and variables. */
import { version } from '../../core/version.ts'
import { findProfile, type ResourceList, type WebhookDefaults } from '../inject/profiles.ts'
import type { FlagReader } from './flag-reader.ts'
import { flagRows, flags } from './flags.ts'
import { readStoreList, type StoreList } from './store-list.ts'

export function readAgentDefaults(reader: FlagReader): WebhookDefaults {
  const profile = findProfile(reader.read(flags.profile, 'claviger'))
  const imagePullPolicy = reader.read(flags.agentImagePullPolicy, '')
  const stores = readStores(reader)
  return {
    profile,
    ...(imagePullPolicy === '' ? {} : { imagePullPolicy }),
    ...readAgent(reader),
    address: readAddress(reader, stores),
    authType: reader.read(flags.vaultAuthType, 'kubernetes'),
    authPath: reader.read(flags.vaultAuthPath, ''),
    caCert: reader.read(flags.vaultCaCert, '') || undefined,
    templatePolicy: reader.read(flags.templatePolicy, '') || profile.templatePolicy,
    stores,
    resources: {
      requests: dropEmpty({
        cpu: reader.read(flags.cpuRequest, ''),
        memory: reader.read(flags.memoryRequest, ''),
        ephemeralStorage: reader.read(flags.ephemeralRequest, ''),
      }),
      limits: dropEmpty({
        cpu: reader.read(flags.cpuLimit, ''),
        memory: reader.read(flags.memoryLimit, ''),
        ephemeralStorage: reader.read(flags.ephemeralLimit, ''),
      }),
    },
    annotations: reader.isStock ? readStockFallbacks(reader) : readFallbacks(reader),
  }
}

/** Empty in a cluster whose pods have other stores and no Vault. */
function readAddress(reader: FlagReader, stores: StoreList): string {
  const isGiven = (reader.find(flags.vaultAddress).text ?? '') !== ''
  return isGiven || stores.size === 0 ? reader.read(flags.vaultAddress, '') : ''
}

function readStores(reader: FlagReader): StoreList {
  const parsed = readStoreList(reader.read(flags.stores, ''), reader.find(flags.stores).path)
  if (parsed.kind === 'ok') return parsed.value
  reader.issues.push(...parsed.issues)
  return new Map()
}

/** The image by our name, else by its stock name, else ours. */
function readAgent(reader: FlagReader): Pick<WebhookDefaults, 'image' | 'stockImage' | 'flavour'> {
  const own = reader.read(flags.agentImage, '')
  const stock = reader.read(flags.vaultImage, '')
  return {
    image: own || stock || `claviger/agent:${version}`,
    stockImage: own === '' && stock !== '',
    flavour: reader.read(flags.agentFlavour, '') || undefined,
  }
}

/** As text: the annotation's own kind reads it again for each pod. */
function readFallbacks(reader: FlagReader): ReadonlyMap<string, string> {
  const fallbacks = new Map<string, string>()
  for (const row of flagRows) {
    if (!row.isFallback || row.annotation === undefined) continue
    const text = String(reader.read(row, ''))
    if (text !== '') fallbacks.set(row.annotation, reader.find(row).text ?? '')
  }
  return fallbacks
}

/** Every annotation that a flag of vault-k8s stands for, as it writes them into a pod that lacks them; the image is apart. */
function readStockFallbacks(reader: FlagReader): ReadonlyMap<string, string> {
  const fallbacks = new Map<string, string>()
  for (const row of flagRows) {
    if (row.annotation === undefined || !row.isStock) continue
    const value = row.isFallback ? reader.read(row, '') : reader.find(row).text
    if (row.stock.isIgnored !== true) fallbacks.set(row.annotation, String(value ?? ''))
  }
  return fallbacks
}

function dropEmpty(list: ResourceList): ResourceList {
  return Object.fromEntries(Object.entries(list).filter(([, value]) => value !== ''))
}
