/** What each type of store adds to the agent's code. */
import { globSync, readFileSync, statSync } from 'node:fs'
import type { StoreTypeName } from '../../../core/stores/settings/store-types.ts'
import { openBundle } from './bundle-shares.ts'

/** What core/stores/open-store.ts loads for a type; of a Vault beside the pod's own. */
const modules: Readonly<Record<StoreTypeName, string>> = {
  vault: 'core/stores/vault/named-vault.ts',
  aws: 'core/stores/aws/secrets-manager.ts',
  ssm: 'core/stores/aws/parameter-store.ts',
  gcp: 'core/stores/gcp/secret-manager.ts',
  azure: 'core/stores/azure/key-vault.ts',
  k8s: 'core/stores/kubernetes/secrets.ts',
  file: 'core/stores/file/directory.ts',
  db: 'core/stores/database/table.ts',
}

/** Bytes by what they are for: the whole, what no store is for, each store, and the files beside the program. */
export function measureStoreCode(): ReadonlyMap<string, number> {
  const { bytes, onlyFor } = openBundle(
    JSON.parse(readFileSync('dist/agent-program.meta.json', 'utf8')),
    'dist/agent-program.cjs',
  )
  const each = Object.entries(modules).map(([type, module]): readonly [string, number] => [
    `${type} alone`,
    onlyFor([module]),
  ])
  const beside = globSync('dist/store-*.cjs')
    .toSorted()
    .map((path): readonly [string, number] => [`${path}, beside it`, statSync(path).size])
  return new Map([
    ['with all stores', bytes],
    ['without any', bytes - onlyFor(Object.values(modules))],
    ...each,
    ['aws and ssm together', onlyFor([modules.aws, modules.ssm])],
    ...beside,
  ])
}
