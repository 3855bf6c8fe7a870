/** Which folder may import which, and what the pure zones must do without (docs/decisions/0002-layers-and-pure-zones.md). */

export interface Problem {
  readonly file: string
  readonly text: string
}

export interface SourceFile {
  /** Relative to the root of the repository, with slashes. */
  readonly path: string
  readonly text: string
}

/** Folder → the folders of ours that it may import besides itself. */
const allowed: ReadonlyMap<string, readonly string[]> = new Map([
  ['core', []],
  ['webhook', ['core']],
  ['agent', ['core']],
  ['cli', ['core', 'webhook', 'agent']],
  ['scripts', []],
])

const pureZones = [
  'webhook/inject/',
  'webhook/policy/',
  'webhook/guard/eviction-plan',
  'webhook/guard/judge',
  'webhook/guard/suspects',
  'core/template/',
  'core/reference',
  'core/stores/settings/',
  'agent/plan/',
]

const impure: readonly (readonly [RegExp, string])[] = [
  [
    /from 'node:(?:fs|http|https|net|tls|child_process|timers)(?:\/[^']*)?'/,
    'an input or output module',
  ],
  [/\bprocess\./, 'process'],
  [/\bDate\.now\(|\bnew Date\(\)/, 'the clock'],
  [/\bset(?:Timeout|Interval|Immediate)\(/, 'a timer'],
  [/\bMath\.random\(|\brandom(?:Bytes|UUID|Int)\b/, 'randomness'],
]

const importPattern = /(?:from|import)\s*\(?\s*'(\.[^']+)'/g

export function findProblems(files: readonly SourceFile[]): readonly Problem[] {
  return files.flatMap((file) => [...findForbiddenImports(file), ...findImpurity(file)])
}

function findForbiddenImports({ path, text }: SourceFile): readonly Problem[] {
  const [from = ''] = path.split('/')
  const targets = allowed.get(from)
  if (targets === undefined) return []
  return Array.from(text.matchAll(importPattern), ([, specifier = '']) => resolve(path, specifier))
    .filter((target) => target.includes('/'))
    .map((target) => target.split('/')[0] ?? '')
    .filter((folder) => folder !== from && folder !== 'types' && !targets.includes(folder))
    .map((folder) => ({ file: path, text: `${from} must not import ${folder}` }))
}

function findImpurity({ path, text }: SourceFile): readonly Problem[] {
  if (!pureZones.some((zone) => path.startsWith(zone))) return []
  return impure
    .filter(([pattern]) => pattern.test(text))
    .map(([, what]) => ({ file: path, text: `a pure zone must not use ${what}` }))
}

/** `specifier` of an import in `from`, relative to the root. */
function resolve(from: string, specifier: string): string {
  const parts = from.split('/').slice(0, -1)
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.') parts.push(part)
  }
  return parts.join('/')
}
