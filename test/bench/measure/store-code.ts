/** What each type of store adds to the agent's code. */
import { globSync, readFileSync, statSync } from 'node:fs'
import type { StoreTypeName } from '../../../core/stores/settings/store-types.ts'
import { measureShares } from './bundle-shares.ts'

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

/** What is loaded once a store is opened; the drivers of databases lie beside it. */
const scripts = ['agent-program', 'agent-clouds', 'agent-stores']

/** Bytes by what they are for: all stores, none, each of them, and the files that few agents load. */
export function measureStoreCode(): ReadonlyMap<string, number> {
  const onlyFor = measureShares(
    scripts.map((name) => JSON.parse(readFileSync(`dist/${name}.meta.json`, 'utf8'))),
  )
  const sizes = scripts.map((name) => statSync(`dist/${name}.cjs`).size)
  const each = Object.entries(modules).map(([type, module]): readonly [string, number] => [
    `${type} alone`,
    onlyFor([module]),
  ])
  const beside = globSync('dist/{agent,store}-*.cjs')
    .filter((path) => path !== 'dist/agent-program.cjs')
    .toSorted()
    .map((path): readonly [string, number] => [`${path}, beside it`, statSync(path).size])
  return new Map([
    ['with all stores', sizes.reduce((sum, size) => sum + size, 0)],
    ['without any', sizes[0] ?? 0],
    ...each,
    ['aws and ssm together', onlyFor([modules.aws, modules.ssm])],
    ...beside,
  ])
}
