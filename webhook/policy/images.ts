/** Images, by registry, tag and digest. */
import { isGlob, matchGlob, type PatternValues } from './glob.ts'
import { anything, type SubjectKind } from './subject-kind.ts'

export const images: SubjectKind = {
  expected:
    'an image or a pattern with wildcards after the registry, such as "registry.example/team/*" or "registry.example/agent@sha256:*"',
  isPattern: (pattern) => {
    const [first = ''] = pattern.replace(/[:@][^/]*$/, '').split('/')
    return pattern === anything || (isGlob(pattern) && /^[^\s*{]+$/.test(first))
  },
  allows: matchImage,
  denies: matchImage,
}

interface ImageParts {
  /** With the registry and Docker Hub's `library`, as nodes complete it. */
  readonly name: string
  readonly tag: string | undefined
  readonly digest: string | undefined
}

function splitImage(reference: string): ImageParts {
  const [named = '', digest] = reference.trim().split('@', 2)
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1)
  const tag = colon === -1 ? undefined : named.slice(colon + 1)
  const short = colon === -1 ? named : named.slice(0, colon)
  return { name: completeName(short), tag, digest }
}

/** Source: the reference format of Docker: a first segment with a dot or a port, or `localhost`, is a registry. */
function completeName(name: string): string {
  const [first = '', ...rest] = name.split('/')
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost')
  const host = hasRegistry ? first.toLowerCase().replace(/^index\.docker\.io$/, hub) : hub
  const path = hasRegistry ? rest : [first, ...rest]
  const official = host === hub && path.length === 1 && path[0]?.includes('*') === false
  return [host, ...(official ? ['library'] : []), ...path].join('/')
}

const hub = 'docker.io'

function matchImage(pattern: string, value: string, values: PatternValues): boolean {
  if (pattern === anything) return true
  const wanted = splitImage(pattern)
  const { name, digest, tag = digest === undefined ? 'latest' : '' } = splitImage(value)
  const options = { separator: '/', values }
  return (
    matchGlob(wanted.name, name, options) &&
    (wanted.tag === undefined || matchGlob(wanted.tag, tag)) &&
    (wanted.digest === undefined || (digest !== undefined && matchGlob(wanted.digest, digest)))
  )
}
