/** The injector in a manifest: what it is started with. */
import { findPod, listObjects, read } from '../manifests/objects.ts'
import { podKinds } from '../manifests/pod-kinds.ts'
import { type Conversion, lose } from './conversion.ts'
import type { InjectorCommand } from './read-command.ts'

export interface FoundCommand {
  readonly command: InjectorCommand
  /** What of its environment cannot be read from the manifest. */
  readonly unread: readonly Conversion[]
}

/** The first container in `document` that is started with `agent-inject`. */
export function findCommand(document: unknown): FoundCommand | undefined {
  for (const object of listObjects(document)) {
    const pod = findPod(object, podKinds)?.pod
    for (const container of readList(pod, ['spec', 'containers'])) {
      const words = [...readWords(container, 'command'), ...readWords(container, 'args')]
      const at = words.indexOf('agent-inject')
      if (at !== -1) return readContainer(container, words.slice(at + 1))
    }
  }
  return undefined
}

function readContainer(container: unknown, args: readonly string[]): FoundCommand {
  const entries = readList(container, ['env']).map((entry) => ({
    name: String(read(entry, ['name'])),
    value: read(entry, ['value']),
    source: read(entry, ['valueFrom']),
  }))
  const variables = entries
    .filter(({ source }) => source === undefined)
    .map(({ name, value }): [string, string] => [name, value === undefined ? '' : String(value)])
  const derived = entries.filter(({ source }) => source !== undefined)
  const fromElsewhere = readList(container, ['envFrom']).map((_, index) =>
    lose(`envFrom ${index + 1}`, 'its variables stand in another object'),
  )
  const unread = derived.map(({ name }) =>
    lose(
      name,
      ['NAMESPACE', 'POD_NAME', 'POD_IP'].includes(name)
        ? 'the chart sets it where it is needed'
        : 'its value stands in another object (valueFrom)',
    ),
  )
  return { command: { args, variables }, unread: [...unread, ...fromElsewhere] }
}

function readWords(container: unknown, key: string): readonly string[] {
  return readList(container, [key]).map(String)
}

function readList(value: unknown, path: readonly string[]): readonly unknown[] {
  const found = read(value, path)
  return Array.isArray(found) ? found : []
}
