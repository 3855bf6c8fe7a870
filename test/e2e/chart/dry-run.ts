/** Pods that are asked for and not made, many with one call. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { paths } from '../settings.ts'
import type { Machine } from '../support/machine.ts'

export interface DraftPod {
  readonly name: string
  readonly namespace: string
  readonly annotations?: Readonly<Record<string, string>>
  /** Besides `app`. */
  readonly containers?: readonly string[]
}

/** Name → why the API server refuses the pod; undefined when it takes it. */
export async function askForPods(
  { kubectl }: Machine,
  pods: readonly DraftPod[],
): Promise<ReadonlyMap<string, string | undefined>> {
  const file = join(paths.state, 'draft-pods.json')
  const items = pods.map(describePod)
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }))
  const args = ['create', '--dry-run=server', '--filename', file]
  const { stderr } = await kubectl.tryRun(args)
  const lines = stderr.split('\n')
  return new Map(
    pods.map(({ name }) => [name, lines.find((line) => line.includes(`"${name}"`))] as const),
  )
}

function describePod({ name, namespace, annotations, containers = [] }: DraftPod) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, ...(annotations === undefined ? {} : { annotations }) },
    spec: {
      containers: ['app', ...containers].map((container) => ({ name: container, image: 'none' })),
    },
  }
}
