/** Tells of keys that no block has and of keys that mean nothing here. */
import { findNearest } from '../../core/nearest.ts'
import type { Fields } from './fields.ts'
import { type BlockKeys, type BlockName, knownKeys, methodKeys } from './known-keys.ts'

type Tree = readonly (readonly [key: string, block: BlockName, inner?: Tree])[]

/** Which block stands under which key; `[]` marks those of which there may be several. */
const tree: Tree = [
  ['vault', 'vault', [['retry', 'retry']]],
  [
    'auto_auth',
    'auto_auth',
    [
      ['method', 'method'],
      ['sink[]', 'sink', [['config', 'sink_config']]],
    ],
  ],
  ['template_config', 'template_config'],
  [
    'template[]',
    'template',
    [
      ['exec', 'template_exec'],
      ['wait', 'wait'],
    ],
  ],
  ['exec', 'exec'],
  ['cache', 'cache', [['persist', 'persist']]],
  ['api_proxy', 'api_proxy'],
  ['listener[]', 'listener', [['agent_api', 'agent_api']]],
  ['telemetry', 'telemetry'],
  [
    'claviger',
    'claviger',
    [
      ['template_policy', 'template_policy'],
      ['traces', 'traces'],
    ],
  ],
]

/** Every block of the configuration but `env_template`, whose keys are names. */
export function checkKeys(root: Fields): void {
  checkBlock(root, 'root', tree)
  const method = root.block('auto_auth').block('method')
  const keys = methodKeys.get(method.text('type') ?? '')
  if (keys !== undefined) checkOwn(method.block('config'), keys)
}

/** Unknown keys are refused where Vault Agent refuses them, elsewhere they are warned of; so are those without effect. */
export function checkBlock(fields: Fields, block: BlockName, inner: Tree = []): void {
  checkOwn(fields, knownKeys[block])
  for (const [key, name, deeper] of inner) {
    const children = fields.children(key.replace('[]', ''), key.endsWith('[]'))
    for (const child of children) checkBlock(child, name, deeper)
  }
}

function checkOwn(fields: Fields, { keys, ineffective, isStrict }: BlockKeys): void {
  for (const key of fields.keys()) {
    if (!keys.has(key)) {
      // Long keys are mistaken in whole words.
      const nearest = findNearest(key, keys, Math.max(2, Math.floor(key.length / 4)))
      const hint = nearest === undefined ? {} : { hint: `did you mean ${nearest}?` }
      if (isStrict) fields.report(key, 'a key that exists', hint)
      else fields.warn(key, 'a key that exists', hint)
    } else if (ineffective.has(key) && fields.has(key)) {
      fields.warn(key, 'nothing', { hint: 'it has no effect on this agent' })
    }
  }
}
