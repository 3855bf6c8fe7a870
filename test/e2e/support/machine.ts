/** What every test file begins with: the running cluster and the running Vault. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadAll } from 'js-yaml'
import { type Kubectl, openKubectl } from '../cluster/kubectl.ts'
import { type Context, readContext } from '../context.ts'
import { repository } from '../settings.ts'
import { openVault, type VaultClient } from '../vault/client.ts'
import { namespace } from '../vault/setup.ts'

export interface Machine {
  readonly context: Context
  readonly kubectl: Kubectl
  /** With the root token. */
  readonly vault: VaultClient
}

export function openMachine(): Machine {
  const context = readContext()
  return {
    context,
    kubectl: openKubectl(context.kubeconfig),
    vault: openVault(context.rootToken),
  }
}

/** Reads a manifest of test/e2e/fixtures. */
export function fixture(name: string): string {
  return readFileSync(join(import.meta.dirname, '../fixtures', name), 'utf8')
}

/** Applies a manifest of manifests/examples as it is. */
export async function applyExample({ kubectl }: Machine, name: string): Promise<void> {
  const file = join(repository, 'manifests/examples', name)
  await kubectl.run(['--namespace', namespace, 'apply', '--filename', file])
}

/** The document of that kind in a manifest of manifests/examples, as JSON. */
export function example(name: string, kind: string): string {
  const text = readFileSync(join(repository, 'manifests/examples', name), 'utf8')
  const found = loadAll(text).find((document) => hasKind(document, kind))
  return JSON.stringify(found)
}

function hasKind(document: unknown, kind: string): boolean {
  return typeof document === 'object' && document !== null && Reflect.get(document, 'kind') === kind
}

/** Writes a version of a secret; each value carries the canary, so that `findLeaks` finds it wherever it escapes to. */
export async function writeSecret<Name extends string>(
  { vault, context }: Machine,
  path: string,
  names: readonly Name[],
): Promise<Readonly<Record<Name, string>>> {
  const serial = Date.now().toString(36)
  const entries = names.map((name) => [name, `${context.canary}.${name}.${serial}`])
  const data = Object.fromEntries(entries)
  await vault.call('POST', `secret/data/app/${path}`, { data })
  return data
}
