/** vault-k8s's search for the ServiceAccount token that the agent logs in with. */
import { posix } from 'node:path'
import type { AnnotationReader } from '../annotations/annotation-reader.ts'
import { annotations } from '../annotations/annotations.ts'
import type { MountView, PodView } from '../pod.ts'
import type { Problem } from '../problem.ts'
import type { Reading } from '../settings/reading.ts'
import type { TokenSource } from '../settings/token-source.ts'

/** Where a named volume is mounted that no container mounts. */
const fallbackPath = '/var/run/secrets/vault.hashicorp.com/serviceaccount'
const usualPath = '/var/run/secrets/kubernetes.io/serviceaccount'

/** Source: vault-k8s, agent-inject/agent/agent.go, serviceaccount. Problem code: `token_volume`. */
export function searchToken(
  reader: AnnotationReader,
  pod: PodView,
  name: string | undefined,
): Reading<TokenSource> {
  const mounts = pod.containers.flatMap((container) => container.mounts ?? [])
  return name === undefined ? searchMounts(reader, mounts) : findNamed(reader, pod, name)
}

function searchMounts(
  reader: AnnotationReader,
  mounts: readonly MountView[],
): Reading<TokenSource> {
  const found = mounts.find(({ path }) => path.includes('serviceaccount'))
  if (found === undefined) {
    const expected = 'a volume that projects a ServiceAccount token, as no container mounts one'
    return fail(reader, expected)
  }
  const warnings = posix.join(found.path, '.') === usualPath ? [] : [describeGuess(reader, found)]
  return succeed({ volume: found.name, mountPath: found.path, path: 'token' }, warnings)
}

function describeGuess(reader: AnnotationReader, { path }: MountView): string {
  return `the agent logs in with ${JSON.stringify(path.slice(0, 80))}/token, the first mount with "serviceaccount" in its path; ${reader.spell(annotations.tokenVolume.key)} names another`
}

function findNamed(reader: AnnotationReader, pod: PodView, name: string): Reading<TokenSource> {
  const volume = pod.volumes?.find((candidate) => candidate.name === name)
  if (volume?.tokenPath === undefined) {
    return fail(reader, 'the name of a volume of the pod that projects a ServiceAccount token')
  }
  const mount = pod.containers
    .flatMap((container) => container.mounts ?? [])
    .find((candidate) => candidate.name === name)
  const mountPath = mount?.path ?? fallbackPath
  const found = succeed({ volume: name, mountPath, path: volume.tokenPath }, [])
  return mountPath === '' ? { ...found, problems: [describeNoPath(reader)] } : found
}

function describeNoPath(reader: AnnotationReader): Problem {
  return {
    code: 'token_volume',
    path: reader.spell(annotations.tokenVolume.key),
    expected: 'a volume whose mount has a path',
    stage: 'validate',
  }
}

type Found = Pick<TokenSource, 'volume' | 'mountPath' | 'path'>

function succeed(found: Found, warnings: readonly string[]): Reading<TokenSource> {
  return { value: { ...found, added: false, audience: undefined }, problems: [], warnings }
}

function fail(reader: AnnotationReader, expected: string): Reading<TokenSource> {
  const problem: Problem = {
    code: 'token_volume',
    path: reader.spell(annotations.tokenVolume.key),
    expected,
    stage: 'parse',
  }
  return { ...succeed({ volume: '', mountPath: fallbackPath, path: '' }, []), problems: [problem] }
}
