/** A pod's containers as local processes: volumes become folders, and paths into them are mapped. */
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { V1Container, V1EnvVar, V1Pod } from '@kubernetes/client-node'
import type { Command } from './processes.ts'

export interface LocalPod {
  readonly pod: V1Pod
  /** Where a folder per volume is made. */
  readonly root: string
  readonly namespace: string
}

/** The folder that stands for a volume. */
export function volumeFolder({ root }: LocalPod, name: string): string {
  return join(root, 'volumes', name)
}

export function createVolumes(local: LocalPod): void {
  for (const { name } of local.pod.spec?.volumes ?? []) {
    mkdirSync(volumeFolder(local, name), { recursive: true })
  }
}

/** The agent of an injected container: what its image's entry point would start. */
export function agentCommand(local: LocalPod, container: V1Container): Command {
  const environment = containerEnvironment(local, container)
  const config = environment['VAULT_CONFIG'] ?? ''
  return {
    program: process.execPath,
    words: [resolve('dist/agent.cjs'), ...(container.args ?? [])],
    environment: { ...environment, VAULT_CONFIG: mapConfig(local, container, config) },
  }
}

/** The app, with the secrets' folder in SECRETS_DIR instead of at its mount path. */
export function appCommand(local: LocalPod, container: V1Container, secretsPath: string): Command {
  const [program = '/bin/sh', ...words] = [...(container.command ?? []), ...(container.args ?? [])]
  const mount = container.volumeMounts?.find(({ mountPath }) => mountPath === secretsPath)
  return {
    program,
    words,
    environment: {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      ...containerEnvironment(local, container),
      SECRETS_DIR: volumeFolder(local, mount?.name ?? ''),
    },
  }
}

function containerEnvironment(local: LocalPod, { env = [] }: V1Container): Record<string, string> {
  return Object.fromEntries(env.map((variable) => [variable.name, readVariable(local, variable)]))
}

function readVariable({ pod, namespace }: LocalPod, { value, valueFrom }: V1EnvVar): string {
  const fields: Readonly<Record<string, string | undefined>> = {
    'metadata.namespace': namespace,
    'metadata.name': pod.metadata?.name,
    'status.hostIP': '127.0.0.1',
    'status.podIP': '127.0.0.1',
  }
  return value ?? fields[valueFrom?.fieldRef?.fieldPath ?? ''] ?? ''
}

/** Every path of the configuration that lies below one of the container's mounts, turned to the volume's folder. */
function mapConfig(local: LocalPod, container: V1Container, encoded: string): string {
  let text = Buffer.from(encoded, 'base64').toString()
  for (const { name, mountPath } of container.volumeMounts ?? []) {
    text = text.replaceAll(`"${mountPath}/`, `"${volumeFolder(local, name)}/`)
  }
  return Buffer.from(text).toString('base64')
}
