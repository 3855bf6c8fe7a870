/** What a template may reach besides the stores it asks. Source: consul-template's function_denylist and sandbox_path. */

/** Which files: none, those under some directories (symbolic links that lead out of them are refused), or any. */
export type PathPolicy =
  | { readonly kind: 'denied' }
  | { readonly kind: 'roots'; readonly roots: readonly string[] }
  | { readonly kind: 'anywhere' }

export interface TemplatePolicy {
  /** What `file` reads. */
  readonly file: PathPolicy
  /** What `writeToFile` writes. */
  readonly writeToFile: PathPolicy
  /** Whether `plugin` may run programs. */
  readonly plugin: boolean
  /** Whether `sockaddr` may look at the machine's addresses. */
  readonly network: boolean
  /** Names or globs such as `sprig_*` of functions that fail when called; Go's own cannot be denied. */
  readonly deniedFunctions: readonly string[]
}

const denied: PathPolicy = { kind: 'denied' }
const anywhere: PathPolicy = { kind: 'anywhere' }

/** Nothing but the stores and the environment that the host hands over. */
export const restrictedPolicy: TemplatePolicy = {
  file: denied,
  writeToFile: denied,
  plugin: false,
  network: false,
  deniedFunctions: [],
}

/** What Vault Agent allows: everything. */
export const stockPolicy: TemplatePolicy = {
  file: anywhere,
  writeToFile: anywhere,
  plugin: true,
  network: true,
  deniedFunctions: [],
}

export type PolicyPreset = 'restricted' | 'stock'

export const policyPresets: ReadonlyMap<PolicyPreset, TemplatePolicy> = new Map([
  ['restricted', restrictedPolicy],
  ['stock', stockPolicy],
])

/** What of a policy decides over a function. */
type Permission = (policy: TemplatePolicy) => boolean

/** Function → what must be allowed, and how its setting is called. */
const guarded: ReadonlyMap<string, { readonly setting: string; readonly allows: Permission }> =
  new Map([
    ['file', { setting: 'file', allows: ({ file }) => file.kind !== 'denied' }],
    [
      'writeToFile',
      { setting: 'write_to_file', allows: ({ writeToFile }) => writeToFile.kind !== 'denied' },
    ],
    ['plugin', { setting: 'plugin', allows: ({ plugin }) => plugin }],
    ['sockaddr', { setting: 'network', allows: ({ network }) => network }],
  ])

/** The setting that denies the function; undefined where nothing does. */
export function denyingSetting(policy: TemplatePolicy, name: string): string | undefined {
  const guard = guarded.get(name)
  return guard === undefined || guard.allows(policy) ? undefined : guard.setting
}

/** Whether a name or glob of `deniedFunctions` matches; `*` stands for any text. */
export function isDenied({ deniedFunctions }: TemplatePolicy, name: string): boolean {
  return deniedFunctions.some((glob) => toPattern(glob).test(name))
}

/** Matches what a glob names; `*` stands for any text. */
export function toPattern(glob: string): RegExp {
  const escaped = glob.split('*').map((part) => part.replace(/[^\w]/g, '\\$&'))
  return new RegExp(`^${escaped.join('.*')}$`)
}
