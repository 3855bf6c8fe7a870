/** The ServiceAccount token that the agent logs in with. */
import type { AnnotationReader } from '../annotations/annotation-reader.ts'
import { annotations } from '../annotations/annotations.ts'
import { agentDirectories } from '../kinds/path-kinds.ts'
import type { PodView } from '../pod.ts'
import type { Profile } from '../profiles.ts'
import { searchToken } from '../stock/token-search.ts'
import type { Reading } from './reading.ts'
import type { TokenSource } from './token-source.ts'

/** Where Kubernetes mounts the token of a pod's ServiceAccount. */
const usualPath = '/var/run/secrets/kubernetes.io/serviceaccount'

/** The agent's own projected token unless the pod names a volume of its own. Problem code: `token_volume`. */
export function readTokenSource(
  reader: AnnotationReader,
  pod: PodView,
  profile: Profile,
): Reading<TokenSource> {
  const audience = reader.plain(annotations.tokenAudience) || undefined
  const isOwn = reader.plain(annotations.ownToken) ?? profile.ownToken
  const name = reader.plain(annotations.tokenVolume) || undefined
  if (profile.lenient) return searchToken(reader, pod, name)
  const own = describeOwn(audience)
  if (name === undefined && isOwn) return { value: own, problems: [], warnings: [] }
  const found = name === undefined ? findUsual(pod) : findNamed(pod, name)
  if (found !== undefined) return { value: found, problems: [], warnings: [] }
  const row = name === undefined ? annotations.ownToken : annotations.tokenVolume
  const problem = {
    code: 'token_volume',
    path: reader.spell(row.key),
    expected:
      name === undefined
        ? `"true", or a container that mounts a ServiceAccount token at ${usualPath}`
        : 'the name of a volume of the pod that projects a ServiceAccount token',
  }
  return { value: own, problems: [problem], warnings: [] }
}

function describeOwn(audience: string | undefined): TokenSource {
  const place = { mountPath: agentDirectories.token, path: 'token' }
  return { volume: 'vault-agent-token', ...place, added: true, audience }
}

function findNamed({ volumes }: PodView, name: string): TokenSource | undefined {
  const path = volumes?.find((volume) => volume.name === name)?.tokenPath
  if (path === undefined) return undefined
  return {
    volume: name,
    mountPath: agentDirectories.token,
    path,
    added: false,
    audience: undefined,
  }
}

/** By the place that Kubernetes uses and by what the volume projects, never by a part of a path. */
function findUsual(pod: PodView): TokenSource | undefined {
  const mounts = pod.containers.flatMap(({ mounts: own }) => own ?? [])
  const mount = mounts.find(({ path }) => path.replace(/\/+$/, '') === usualPath)
  return mount === undefined ? undefined : findNamed(pod, mount.name)
}
