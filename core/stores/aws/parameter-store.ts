/** AWS Systems Manager Parameter Store as a store. Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference. */
import { AppError } from '../../errors.ts'
import { mergeMembers, requireText } from '../merged-members.ts'
import { pairsOf, type StoreSettings, settingOf } from '../settings/store-settings.ts'
import type { Store, StorePorts, StoreWrite } from '../store.ts'
import { numberIn } from './answer.ts'
import { readCurrent } from './current-bytes.ts'
import { listParameters, listParameterVersions } from './parameter-list.ts'
import { requirePlainName } from './parameter-name.ts'
import { createParameterReader } from './parameter-read.ts'
import { findPlace } from './place.ts'
import { type CallService, createServiceClient } from './service-client.ts'

/** Errors: `config_invalid`, `tls_invalid`. */
export function openParameterStore(settings: StoreSettings, ports: StorePorts): Store {
  const { name } = settings
  const place = findPlace(settings, ports.environment, 'ssm')
  const options = { service: 'ssm', target: 'AmazonSSM', place } as const
  const call = createServiceClient(options, settings, ports)
  const read = createParameterReader({ store: name, region: place.region, call })
  const put = createParameterWriter(settings, ports, call)
  return {
    name,
    read,
    list: (query, signal) => listParameters(call, query, signal),
    write: async ({ path, content, tags }, signal) => {
      const facts = { store: name, path }
      requirePlainName(facts)
      const bytes =
        content.kind === 'whole'
          ? content.bytes
          : mergeMembers(await readCurrent(read, path, signal), content.members, facts)
      return put({ path, value: requireText(bytes, facts), tags, signal })
    },
    delete: async (path, _options, signal) => {
      const input = { Name: requirePlainName({ store: name, path }) }
      await call({ operation: 'DeleteParameter', input, path, signal })
    },
    history: (path, signal) => listParameterVersions(call, { store: name, path, signal }),
  }
}

interface NewValue {
  readonly path: string
  readonly value: string
  readonly tags: StoreWrite['tags']
  readonly signal: AbortSignal | undefined
}

/** Tags go with the call that makes a parameter, so that policies about tags hold for it; one that is there keeps type and tier where the settings name none. */
function createParameterWriter(
  settings: StoreSettings,
  { environment }: StorePorts,
  call: CallService,
): (value: NewValue) => Promise<string | undefined> {
  const key = settingOf(settings, 'kms_key_id', environment)
  const type = settingOf(settings, 'parameter_type')
  const tier = settingOf(settings, 'tier')
  const given = {
    ...(key === undefined || (type ?? 'SecureString') !== 'SecureString' ? {} : { KeyId: key }),
    ...(tier === undefined ? {} : { Tier: tier }),
  }
  return async ({ path, value, tags = new Map(), signal }) => {
    const Name = requirePlainName({ store: settings.name, path })
    const put = async (rest: Readonly<Record<string, unknown>>) => {
      const input = { Name, Value: value, ...given, ...rest }
      return numberIn(await call({ operation: 'PutParameter', input, path, signal }), 'Version')
    }
    const all = new Map([...pairsOf(settings, 'tags', environment), ...tags])
    const made = all.size === 0 ? {} : { Tags: toTags(all) }
    try {
      return await put({ Type: type ?? 'SecureString', Overwrite: false, ...made })
    } catch (thrown) {
      if (!(thrown instanceof AppError) || thrown.facts['reason'] !== 'ParameterAlreadyExists') {
        throw thrown
      }
    }
    const version = await put({ Overwrite: true, ...(type === undefined ? {} : { Type: type }) })
    if (tags.size > 0) {
      const input = { ResourceType: 'Parameter', ResourceId: Name, Tags: toTags(tags) }
      await call({ operation: 'AddTagsToResource', input, path, signal })
    }
    return version
  }
}

function toTags(tags: ReadonlyMap<string, string>) {
  return Array.from(tags, ([Key, Value]) => ({ Key, Value }))
}
