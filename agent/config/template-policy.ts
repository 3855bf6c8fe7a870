/** The block `claviger.template_policy`: what templates may reach besides the store. */
import {
  type PathPolicy,
  type PolicyPreset,
  policyPresets,
  restrictedPolicy,
  type TemplatePolicy,
  toPattern,
} from '../../core/template/policy.ts'
import type { Fields } from './fields.ts'
import { isOwnVariable } from './own-variables.ts'

export interface TemplateRules {
  readonly policy: TemplatePolicy
  /** Names and globs of variables that `env` shows besides those of the downward API. */
  readonly variables: readonly string[]
}

/** What the downward API tells a container about its pod, under the names that are usual. */
const downwardVariables = [
  'NAMESPACE',
  'NODE_NAME',
  'HOST_IP',
  'POD_IP',
  'POD_NAME',
  'POD_NAMESPACE',
  'POD_UID',
  'SERVICE_ACCOUNT',
]

/** Never shown: what is the agent's own, and tokens of any kind. */
const isHidden = (name: string) => isOwnVariable(name) || name.endsWith('TOKEN')

/** `standard` is the preset where none is named. */
export function readTemplateRules(block: Fields, standard: PolicyPreset): TemplateRules {
  const preset = block.choice('preset', [...policyPresets.keys()]) ?? standard
  const policy = policyPresets.get(preset) ?? restrictedPolicy
  return {
    policy: {
      file: readPaths(block, 'file') ?? policy.file,
      writeToFile: readPaths(block, 'write_to_file') ?? policy.writeToFile,
      plugin: block.flag('plugin') ?? policy.plugin,
      network: block.flag('network') ?? policy.network,
      deniedFunctions: block.texts('denied_functions') ?? policy.deniedFunctions,
    },
    variables: block.texts('environment') ?? (preset === 'stock' ? ['*'] : []),
  }
}

/** Directories; `"*"` among them allows every path, an empty list none. */
function readPaths(block: Fields, key: string): PathPolicy | undefined {
  const roots = block.texts(key)
  if (roots === undefined) return undefined
  if (roots.includes('*')) return { kind: 'anywhere' }
  if (roots.some((root) => !root.startsWith('/'))) block.report(key, 'absolute directories, or "*"')
  return roots.length === 0 ? { kind: 'denied' } : { kind: 'roots', roots }
}

/** The variables that `env` may show, of all that the agent was given. */
export function templateEnvironment(
  { variables }: TemplateRules,
  environment: Readonly<Record<string, string | undefined>>,
): ReadonlyMap<string, string> {
  const allowed = [...downwardVariables, ...variables].map(toPattern)
  return new Map(
    Object.entries(environment).flatMap(([name, value]) => {
      const isShown = !isHidden(name) && allowed.some((pattern) => pattern.test(name))
      return isShown && value !== undefined ? [[name, value] as const] : []
    }),
  )
}

/** The operator's policy, narrowed by a template's own `function_denylist` and `sandbox_path`; itself where there are none, as all templates share what is made of it. */
export function narrowPolicy(
  policy: TemplatePolicy,
  { deniedFunctions, sandboxPath }: TemplateLimits,
): TemplatePolicy {
  if (deniedFunctions.length === 0 && sandboxPath === undefined) return policy
  return {
    ...policy,
    file: sandboxPath === undefined ? policy.file : confine(policy.file, sandboxPath),
    deniedFunctions: [...policy.deniedFunctions, ...deniedFunctions],
  }
}

export interface TemplateLimits {
  /** `function_denylist` of the template. */
  readonly deniedFunctions: readonly string[]
  /** `sandbox_path` of the template. */
  readonly sandboxPath: string | undefined
}

function confine(paths: PathPolicy, sandbox: string): PathPolicy {
  if (paths.kind === 'denied') return paths
  const inside = paths.kind === 'anywhere' || paths.roots.some((root) => isBelow(sandbox, root))
  return inside ? { kind: 'roots', roots: [sandbox] } : { kind: 'denied' }
}

function isBelow(path: string, root: string): boolean {
  const directory = root.endsWith('/') ? root : `${root}/`
  return `${path}/`.startsWith(directory) && !path.split('/').includes('..')
}
