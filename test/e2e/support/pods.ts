/** Reading pods from outside, as the API server shows them. */
import type { V1Pod, V1PodList } from '@kubernetes/client-node'
import type { Finished } from '../commands.ts'
import { until } from '../polling.ts'
import { namespace } from '../vault/setup.ts'
import { fixture, type Machine } from './machine.ts'

const inNamespace = ['--namespace', namespace]

/** Creates the namespace and its ServiceAccount, once for all test files. */
export async function prepareNamespace({ kubectl }: Machine): Promise<void> {
  await kubectl.run(['apply', '--filename', '-'], fixture('namespace.yaml'))
}

/** The pod of fixtures/pod.yaml with annotations, given as `prefix/name: value`. */
export function annotatedPod(
  { kubectl }: Machine,
  name: string,
  annotations: Readonly<Record<string, string>>,
): Promise<string> {
  const patch = JSON.stringify({ metadata: { name, annotations } })
  const args = ['patch', '--local', '--filename', '-', '--type', 'merge', '--patch', patch]
  return kubectl.run([...args, '--output', 'json'], fixture('pod.yaml'))
}

/** What the API server would store, its webhooks included, without storing it. */
export async function admitted({ kubectl }: Machine, manifest: string): Promise<V1Pod> {
  const args = ['create', '--dry-run=server', '--filename', '-', '--output', 'json']
  return JSON.parse(await kubectl.run(args, manifest))
}

export async function findPod({ kubectl }: Machine, selector: string): Promise<V1Pod | undefined> {
  const args = [...inNamespace, 'get', 'pods', '--selector', selector, '--output', 'json']
  const list: V1PodList = JSON.parse(await kubectl.run(args))
  return list.items[0]
}

export async function readPod({ kubectl }: Machine, name: string): Promise<V1Pod> {
  return JSON.parse(await kubectl.run([...inNamespace, 'get', 'pod', name, '--output', 'json']))
}

/** The same for a pod that may well be refused; without an answer after a minute it counts as refused, too. */
export function tryAdmit({ kubectl }: Machine, manifest: string): Promise<Finished> {
  const args = ['create', '--dry-run=server', '--filename', '-', '--request-timeout', '1m']
  return kubectl.tryRun(args, manifest)
}

/** Resolves with the pod once all its containers are ready. */
export function readyPod(what: string, find: () => Promise<V1Pod | undefined>): Promise<V1Pod> {
  return until({
    what: `${what} to be ready`,
    probe: async () => {
      const pod = await find()
      const ready = pod?.status?.conditions?.find(({ type }) => type === 'Ready')
      if (ready?.status === 'True') return pod
      throw new Error(JSON.stringify(pod?.status ?? 'no pod'))
    },
  })
}

export async function readLog(
  { kubectl }: Machine,
  pod: string,
  container: string,
): Promise<string> {
  return kubectl.run([...inNamespace, 'logs', pod, '--container', container])
}

/** A container's whole log once it matches. */
export function awaitLog(
  machine: Machine,
  {
    pod,
    container,
    pattern,
  }: { readonly pod: string; readonly container: string; readonly pattern: RegExp },
): Promise<string> {
  return until({
    what: `${pattern} in the log of ${container} in ${pod}`,
    probe: async () => {
      const log = await readLog(machine, pod, container)
      if (pattern.test(log)) return log
      throw new Error(log.slice(-2000))
    },
  })
}

export async function readFileInPod(machine: Machine, pod: string, path: string): Promise<string> {
  return machine.kubectl.run([...inNamespace, 'exec', pod, '--container', 'app', '--', 'cat', path])
}

/** Runs a command in a container that may well refuse it. */
export function execInPod(
  { kubectl }: Machine,
  { pod, container }: { readonly pod: string; readonly container: string },
  command: readonly string[],
): Promise<Finished> {
  return kubectl.tryRun([...inNamespace, 'exec', pod, '--container', container, '--', ...command])
}

export function nameOf(pod: V1Pod): string {
  return pod.metadata?.name ?? ''
}
