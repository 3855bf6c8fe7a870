/** Looks for secret values, Vault tokens and ServiceAccount tokens wherever an operator could read them. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { V1Pod, V1PodList } from '@kubernetes/client-node'
import { release } from '../claviger.ts'
import { etcdUrl, paths } from '../settings.ts'
import { namespace } from '../vault/setup.ts'
import type { Machine } from './machine.ts'

interface Text {
  readonly where: string
  readonly text: string
}

/** A Vault service token, and the beginning of every JWT. */
const tokens = [/\bhvs\.[\w-]{20,}/, /\beyJhbGciOi[\w-]+\.[\w-]+/]

/** Descriptions of what was found and where, never the thing itself; empty is what a test expects. */
export async function findLeaks(machine: Machine): Promise<readonly string[]> {
  const texts = [...(await readStore()), ...readComponentLogs(), ...(await readLogs(machine))]
  const canaries = encodings(machine.context.canary)
  return texts.flatMap(({ where, text }) => [
    ...(canaries.some((canary) => text.includes(canary)) ? [`a secret value in ${where}`] : []),
    ...(tokens.some((token) => token.test(text)) ? [`a token in ${where}`] : []),
  ])
}

/** The text itself and what stands in base64 for its inner bytes, wherever in a longer text it begins. */
function encodings(text: string): readonly string[] {
  const encoded = [0, 1, 2].map((shift) => {
    const bytes = Buffer.from(' '.repeat(shift) + text)
    return bytes.toString('base64').slice(4, -4)
  })
  return [text, ...encoded]
}

/** All that the API server stores, whatever its kind. Source: etcd's `Range` from key "\0" to "\0", which means every key. */
async function readStore(): Promise<readonly Text[]> {
  const every = Buffer.from('\0').toString('base64')
  const response = await fetch(`${etcdUrl}/v3/kv/range`, {
    method: 'POST',
    body: JSON.stringify({ key: every, range_end: every }),
  })
  const stored: { readonly kvs: readonly { key: string; value: string }[] } = JSON.parse(
    await response.text(),
  )
  return stored.kvs.map(({ key, value }) => ({
    where: `${Buffer.from(key, 'base64')} in etcd`,
    text: Buffer.from(value, 'base64').toString('latin1'),
  }))
}

function readComponentLogs(): readonly Text[] {
  return readdirSync(paths.logs).map((file) => ({
    where: file,
    text: readFileSync(join(paths.logs, file), 'utf8'),
  }))
}

async function readLogs(machine: Machine): Promise<readonly Text[]> {
  const texts: Text[] = []
  for (const inNamespace of [namespace, release.namespace]) {
    const args = ['--namespace', inNamespace, 'get', 'pods', '--output', 'json']
    const { items }: V1PodList = JSON.parse(await machine.kubectl.run(args))
    for (const pod of items) texts.push(...(await readContainerLogs(machine, inNamespace, pod)))
  }
  return texts
}

/** A container that has not started yet has no log, which is not a failure. */
async function readContainerLogs(machine: Machine, inNamespace: string, pod: V1Pod) {
  const name = pod.metadata?.name ?? ''
  const containers = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])]
  return Promise.all(
    containers.map(async (container) => {
      const args = ['--namespace', inNamespace, 'logs', name, '--container', container.name]
      const { stdout } = await machine.kubectl.tryRun(args)
      return { where: `the log of ${container.name} in ${name}`, text: stdout }
    }),
  )
}
